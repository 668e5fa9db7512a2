#include "http/azure_account.h"

#include <map>

#include "algoctl/error.h"
#include "base/text.h"
#include "http/azure_signer.h"
#include "http/fields.h"

namespace algoctl::http {
namespace {

// Of the emulator, the same on every machine, as Azure's documentation prints it.
constexpr char kEmulatorName[] = "devstoreaccount1";
constexpr char kEmulatorKey[] =
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
constexpr char kEmulatorOrigin[] = "http://127.0.0.1:10000/";

using Settings = std::map<std::string, std::string>;

/// `Name=value;Name=value`: names in lower case; a value may hold `=`.
Settings settings_of(const std::string& text, const std::string& where) {
  Settings settings;
  int number = 0;
  for (const std::string& part : split(text, ';')) {
    ++number;
    if (fold_blanks(part).empty()) continue;
    const std::size_t sign = part.find('=');
    const std::string name = lower(fold_blanks(part.substr(0, sign)));
    if (sign == std::string::npos || name.empty()) {
      throw Error(Code::usage, where + ": part " + std::to_string(number) + " is not NAME=VALUE",
                  "parts are separated by semicolons");
    }
    settings[name] = fold_blanks(part.substr(sign + 1));
  }
  return settings;
}

std::string endpoint_of(Settings& settings, const std::string& name) {
  std::string endpoint = settings["blobendpoint"];
  if (endpoint.empty() && !name.empty()) {
    const std::string& protocol = settings["defaultendpointsprotocol"];
    const std::string& suffix = settings["endpointsuffix"];
    endpoint = (protocol.empty() ? "https" : protocol) + "://" + name + ".blob." +
               (suffix.empty() ? "core.windows.net" : suffix);
  }
  while (!endpoint.empty() && endpoint.back() == '/') endpoint.pop_back();
  return endpoint;
}

AzureAccount with_rights(AzureAccount account) {
  if (!account.key.empty()) account.sas = Secret();
  return account;
}

}  // namespace

std::string azure_endpoint(const std::string& account) {
  return "https://" + account + ".blob.core.windows.net";
}

AzureAccount parse_azure_connection(const std::string& text, const std::string& where) {
  Settings settings = settings_of(text, where);
  AzureAccount account;
  account.name = settings["accountname"];
  account.key = Secret(settings["accountkey"]);
  account.sas = Secret(settings["sharedaccesssignature"]);
  if (lower(settings["usedevelopmentstorage"]) == "true") {
    account.name = kEmulatorName;
    account.key = Secret(kEmulatorKey);
    settings.try_emplace("blobendpoint", std::string(kEmulatorOrigin) + kEmulatorName);
  }
  account.endpoint = endpoint_of(settings, account.name);
  const auto lacks = [&](const char* what) {
    return Error(Code::unauthorized, where + " has no " + what,
                 "az storage account show-connection-string shows a whole one");
  };
  if (account.key.empty() && account.sas.empty()) {
    throw lacks("AccountKey and no SharedAccessSignature");
  }
  if (!account.key.empty() && account.name.empty()) throw lacks("AccountName");
  if (account.endpoint.empty()) throw lacks("AccountName and no BlobEndpoint");
  return with_rights(std::move(account));
}

AzureAccount find_azure_account(const Surroundings& around) {
  const std::string connection = "AZURE_STORAGE_CONNECTION_STRING";
  if (const auto text = around.filled(connection)) {
    return parse_azure_connection(*text, connection);
  }
  const auto name = around.filled("AZURE_STORAGE_ACCOUNT");
  const auto key = around.filled("AZURE_STORAGE_KEY");
  const auto sas = around.filled("AZURE_STORAGE_SAS_TOKEN");
  if (name && (key || sas)) {
    return with_rights(
        {*name, azure_endpoint(*name), Secret(key.value_or("")), Secret(sas.value_or(""))});
  }
  const auto state = [](bool is_set) { return is_set ? " is set\n  " : " is not set\n  "; };
  throw Error(Code::unauthorized,
              "no Azure credentials\n  " + connection + " is not set\n  AZURE_STORAGE_ACCOUNT" +
                  state(name.has_value()) + "AZURE_STORAGE_KEY" + state(key.has_value()) +
                  "AZURE_STORAGE_SAS_TOKEN" + (sas ? " is set" : " is not set"),
              "set the connection string, or the account with its key or a SAS token");
}

std::unique_ptr<Signer> azure_signer(const AzureAccount& account) {
  if (!account.key.empty()) return std::make_unique<AzureSigner>(account.name, account.key);
  return std::make_unique<AzureSasSigner>(account.sas);
}

}  // namespace algoctl::http
