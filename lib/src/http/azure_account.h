#pragma once

#include <memory>
#include <string>

#include "http/secret.h"
#include "http/signer.h"
#include "http/surroundings.h"

namespace algoctl::http {

/// A storage account of Azure, and by what right it is used: a key or a shared access signature.
struct AzureAccount {
  std::string name;      ///< may be empty beside a shared access signature and an endpoint
  std::string endpoint;  ///< URL of its blob service, without `/` at the end
  Secret key;
  Secret sas;  ///< empty when there is a key
};

/// The blob endpoint of an account in Azure's public cloud.
std::string azure_endpoint(const std::string& account);

/// Reads a connection string: AccountName, AccountKey, SharedAccessSignature, BlobEndpoint,
/// DefaultEndpointsProtocol, EndpointSuffix, UseDevelopmentStorage. `where` is what errors call it.
/// Throws Error{usage} for a malformed one, Error{unauthorized} for one without credentials; they
/// show none of its values.
AzureAccount parse_azure_connection(const std::string& text, const std::string& where);

/// The account of AZURE_STORAGE_CONNECTION_STRING, else of AZURE_STORAGE_ACCOUNT with
/// AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN. Throws Error{unauthorized} that says what is
/// missing, and what parse_azure_connection throws.
AzureAccount find_azure_account(const Surroundings& around);

/// Signs with the account's key, else with its signature.
std::unique_ptr<Signer> azure_signer(const AzureAccount& account);

}  // namespace algoctl::http
