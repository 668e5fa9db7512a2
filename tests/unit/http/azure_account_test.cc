#include "http/azure_account.h"

#include <doctest/doctest.h>

#include "unit/http/played_surroundings.h"

namespace algoctl::http {
namespace {

AzureAccount parse(const std::string& text) { return parse_azure_connection(text, "it"); }

std::string failure(const std::string& text) {
  return error_of([&] { parse(text); });
}

}  // namespace

TEST_CASE("parse_azure_connection: an account's key") {
  const AzureAccount account = parse(
      "DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=a+b==;"
      "EndpointSuffix=core.windows.net");
  CHECK(account.name == "acme");
  CHECK(account.key.reveal() == "a+b==");
  CHECK(account.sas.empty());
  CHECK(account.endpoint == "https://acme.blob.core.windows.net");
}

TEST_CASE("parse_azure_connection: names in any case, blanks, another cloud, an endpoint") {
  CHECK(parse("accountname=acme; ACCOUNTKEY = k ; ").endpoint ==
        "https://acme.blob.core.windows.net");
  CHECK(parse("AccountName=acme;AccountKey=k;DefaultEndpointsProtocol=http;"
              "EndpointSuffix=core.chinacloudapi.cn")
            .endpoint == "http://acme.blob.core.chinacloudapi.cn");
  CHECK(parse("AccountName=acme;AccountKey=k;BlobEndpoint=http://h:1/acme/").endpoint ==
        "http://h:1/acme");
}

TEST_CASE("parse_azure_connection: a shared access signature, alone and beside a key") {
  const AzureAccount alone =
      parse("BlobEndpoint=https://acme.blob.core.windows.net/;SharedAccessSignature=sv=1&sig=a%3D");
  CHECK(alone.name.empty());
  CHECK(alone.endpoint == "https://acme.blob.core.windows.net");
  CHECK(alone.sas.reveal() == "sv=1&sig=a%3D");
  const AzureAccount both = parse("AccountName=acme;AccountKey=k;SharedAccessSignature=sig=a");
  CHECK(both.key.reveal() == "k");
  CHECK(both.sas.empty());
}

TEST_CASE("parse_azure_connection: the emulator") {
  const AzureAccount account = parse("UseDevelopmentStorage=true");
  CHECK(account.name == "devstoreaccount1");
  CHECK(account.endpoint == "http://127.0.0.1:10000/devstoreaccount1");
  CHECK_NOTHROW(azure_signer(account));
  CHECK(parse("UseDevelopmentStorage=True;BlobEndpoint=http://h:2/devstoreaccount1").endpoint ==
        "http://h:2/devstoreaccount1");
}

TEST_CASE("parse_azure_connection: what is missing, without what is there") {
  struct Case {
    const char* text;
    const char* error;
  };
  const std::string hint =
      " [unauthorized] az storage account show-connection-string shows a whole one";
  for (const Case& c : {
           Case{"AccountName=acme", "it has no AccountKey and no SharedAccessSignature"},
           Case{"UseDevelopmentStorage=false", "it has no AccountKey and no SharedAccessSignature"},
           Case{"AccountKey=s3cret;BlobEndpoint=https://h", "it has no AccountName"},
           Case{"SharedAccessSignature=s3cret", "it has no AccountName and no BlobEndpoint"},
       }) {
    CHECK(failure(c.text) == c.error + hint);
  }
  CHECK(failure("AccountName=acme;s3cret") ==
        "it: part 2 is not NAME=VALUE [usage] parts are separated by semicolons");
  CHECK(failure(" =s3cret") ==
        "it: part 1 is not NAME=VALUE [usage] parts are separated by semicolons");
}

TEST_CASE("find_azure_account: the connection string, else the account with a key or a signature") {
  Played played;
  played.variables["AZURE_STORAGE_ACCOUNT"] = "acme";
  played.variables["AZURE_STORAGE_SAS_TOKEN"] = "sig=a";
  const AzureAccount sas = find_azure_account(played.surroundings());
  CHECK(sas.name == "acme");
  CHECK(sas.endpoint == "https://acme.blob.core.windows.net");
  CHECK(sas.sas.reveal() == "sig=a");
  CHECK(sas.key.empty());
  played.variables["AZURE_STORAGE_KEY"] = "k";
  const AzureAccount key = find_azure_account(played.surroundings());
  CHECK(key.key.reveal() == "k");
  CHECK(key.sas.empty());
  played.variables["AZURE_STORAGE_CONNECTION_STRING"] = "AccountName=other;AccountKey=o";
  CHECK(find_azure_account(played.surroundings()).name == "other");
  played.variables["AZURE_STORAGE_CONNECTION_STRING"] = "s3cret";
  CHECK(error_of([&] { find_azure_account(played.surroundings()); }) ==
        "AZURE_STORAGE_CONNECTION_STRING: part 1 is not NAME=VALUE [usage] "
        "parts are separated by semicolons");
}

TEST_CASE("find_azure_account: nothing, and half of it") {
  Played played;
  const auto find = [&] { find_azure_account(played.surroundings()); };
  const std::string hint =
      " [unauthorized] set the connection string, or the account with its key or a SAS token";
  CHECK(error_of(find) ==
        "no Azure credentials\n"
        "  AZURE_STORAGE_CONNECTION_STRING is not set\n"
        "  AZURE_STORAGE_ACCOUNT is not set\n"
        "  AZURE_STORAGE_KEY is not set\n"
        "  AZURE_STORAGE_SAS_TOKEN is not set" +
            hint);
  played.variables["AZURE_STORAGE_KEY"] = "s3cret";
  played.variables["AZURE_STORAGE_SAS_TOKEN"] = "s3cret";
  CHECK(error_of(find) ==
        "no Azure credentials\n"
        "  AZURE_STORAGE_CONNECTION_STRING is not set\n"
        "  AZURE_STORAGE_ACCOUNT is not set\n"
        "  AZURE_STORAGE_KEY is set\n"
        "  AZURE_STORAGE_SAS_TOKEN is set" +
            hint);
}

TEST_CASE("azure_signer: by the key, else by the signature") {
  Request request;
  request.origin = "https://acme.blob.core.windows.net";
  request.path = "/c/k";
  azure_signer({"acme", "", Secret("a2V5"), {}})->sign(request, "", 0);
  CHECK(find_field(request.headers, "Authorization").value_or("").substr(0, 15) ==
        "SharedKey acme:");
  request.headers.clear();
  azure_signer({"acme", "", {}, Secret("sig=a")})->sign(request, "", 0);
  CHECK(request.query == Fields{{"sig", "a"}});
}

}  // namespace algoctl::http
