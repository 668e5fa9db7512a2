#include "store/remote/kinds.h"

#include <doctest/doctest.h>

#include <map>

#include "store/remote/remote_store.h"
#include "store/store.h"
#include "support/conformance.h"
#include "support/played_s3.h"
#include "support/temporary_folder.h"
#include "unit/core/failure.h"

namespace algoctl::test {
namespace {

using Variables = std::map<std::string, std::string>;

StoreSettings settings(Variables variables = {}) {
  StoreSettings settings;
  settings.variable =
      [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
  return settings;
}

const Variables kKey = {{"AZURE_STORAGE_ACCOUNT", "acme"}, {"AZURE_STORAGE_KEY", "c2VjcmV0"}};

std::string azure_fault(const std::string& url, const Variables& variables = kKey) {
  return failure([&] { talk_to_azure(url, settings(variables)); });
}

}  // namespace

TEST_CASE("azure: where an account, a container and a prefix are") {
  struct Case {
    const char* url;
    const char* key_k;
  };
  for (const Case& c : {
           Case{"azure://acme/models/a%20b/c",
                "https://acme.blob.core.windows.net/models/a%20b/c/k"},
           Case{"azure://acme/models", "https://acme.blob.core.windows.net/models/k"},
           Case{"azure://acme/models?endpoint=http://127.0.0.1:1/acme/",
                "http://127.0.0.1:1/acme/models/k"},
           Case{"azure://acme/models?endpoint=https://acme.blob.core.chinacloudapi.cn",
                "https://acme.blob.core.chinacloudapi.cn/models/k"},
       }) {
    CAPTURE(std::string(c.url));
    CHECK(talk_to_azure(c.url, settings(kKey))->bucket().get("k").url() == c.key_k);
  }
}

TEST_CASE("azure: by what right it is used") {
  const auto asked = [](const std::string& url, const Variables& variables) {
    return talk_to_azure(url, settings(variables))->bucket().get("k");
  };
  const http::Request by_key = asked("azure://acme/models", kKey);
  CHECK(http::find_field(by_key.headers, "authorization").value_or("").substr(0, 15) ==
        "SharedKey acme:");
  const http::Request by_sas =
      asked("azure://acme/models",
            {{"AZURE_STORAGE_ACCOUNT", "acme"}, {"AZURE_STORAGE_SAS_TOKEN", "?sv=1&sig=s"}});
  CHECK(by_sas.url() == "https://acme.blob.core.windows.net/models/k?sig=s&sv=1");
  const http::Request by_nothing = asked("azure://acme/models?credentials=none", {});
  CHECK(!http::find_field(by_nothing.headers, "authorization"));
}

TEST_CASE("azure: an endpoint that the connection string names is kept in the URL") {
  const Variables variables = {
      {"AZURE_STORAGE_CONNECTION_STRING",
       "AccountName=acme;AccountKey=c2VjcmV0;BlobEndpoint=http://127.0.0.1:1/acme"}};
  const auto talk = talk_to_azure("azure://acme/models/p", settings(variables));
  CHECK(talk->bucket().url() == "azure://acme/models/p?endpoint=http://127.0.0.1:1/acme");
  CHECK(talk->bucket().get("k").url() == "http://127.0.0.1:1/acme/models/p/k");
  CHECK(talk_to_azure("azure://acme/models?endpoint=https://h", settings(variables))
            ->bucket()
            .url() == "azure://acme/models?endpoint=https://h");
}

TEST_CASE("azure: what is refused") {
  CHECK(azure_fault("azure://acme") ==
        "usage: the store's URL 'azure://…' names no container | write "
        "azure://ACCOUNT/CONTAINER/PREFIX");
  CHECK(azure_fault("azure://acme/models?credentials=some") ==
        "usage: the store's URL says credentials=some | there is: none");
  CHECK(
      azure_fault("azure://acme/models?endpoint=https://h/?sig=secret") ==
      "usage: the endpoint in the store's URL holds a query | take it out: a SAS token belongs in "
      "AZURE_STORAGE_SAS_TOKEN");
  CHECK(azure_fault("azure://other/models") ==
        "unauthorized: the credentials are for another account\nwanted: 'other'\nfound:  'acme' | "
        "look at AZURE_STORAGE_CONNECTION_STRING and AZURE_STORAGE_ACCOUNT");
  CHECK(azure_fault("azure://acme/models", {}) ==
        "unauthorized: no Azure credentials\n  AZURE_STORAGE_CONNECTION_STRING is not set\n"
        "  AZURE_STORAGE_ACCOUNT is not set\n  AZURE_STORAGE_KEY is not set\n"
        "  AZURE_STORAGE_SAS_TOKEN is not set | set the connection string, or the account with its "
        "key or a SAS token");
}

TEST_CASE("gs: where a bucket and a prefix are, and by what right they are used") {
  const auto asked = [](const std::string& url, const Variables& variables) {
    return talk_to_google(url, settings(variables))->bucket().get("k");
  };
  const Variables key = {{"GS_ACCESS_KEY_ID", "GOOG1E"}, {"GS_SECRET_ACCESS_KEY", "s"}};
  const http::Request signed_one = asked("gs://models/prod", key);
  CHECK(signed_one.url() == "https://storage.googleapis.com/models/prod/k");
  const std::string right = http::find_field(signed_one.headers, "authorization").value_or("");
  CHECK(right.substr(0, 35) == "AWS4-HMAC-SHA256 Credential=GOOG1E/");
  CHECK(right.find("/auto/s3/aws4_request, ") != std::string::npos);
  const http::Request open = asked("gs://models?endpoint=http://127.0.0.1:1&credentials=none", {});
  CHECK(open.url() == "http://127.0.0.1:1/models/k");
  CHECK(!http::find_field(open.headers, "authorization"));
  CHECK(failure([&] { asked("gs://models", {}); }).substr(0, 13) == "unauthorized:");
}

TEST_CASE("gs: keeps a store on a server that speaks as Google does") {
  const TemporaryFolder folder;
  PlayedS3 google;
  google.is_google = true;
  StoreSettings with = settings({{"AWS_ACCESS_KEY_ID", "key"}, {"AWS_SECRET_ACCESS_KEY", "s"}});
  with.scratch = folder / "scratch";
  create_store(google.url(), "owner-1", with);
  check_conformance([&] { return open_store(google.url(), with); }, folder.path(), 100'000,
                    [&](const Digest& object, const std::string& bytes) {
                      google.set("prefix/" + object_key(object), bytes);
                    });
}

TEST_CASE("s3, gs: a query, a path or a password in an endpoint is refused, whoever names it") {
  TemporaryFolder folder;
  const std::string config =
      folder.write("config", "[default]\nendpoint_url = http://h/sub?token=secret\n");
  const std::string query = " holds a query | write ";
  const std::string rest = "https://HOST, without what follows the host";
  const auto s3_fault = [](const std::string& url, const Variables& variables = {}) {
    return failure([&] { talk_to_s3(url, settings(variables)); });
  };
  const std::string named = "s3://b?credentials=none&endpoint=http://h";
  CHECK(s3_fault(named + "/sub?token=secret") ==
        "usage: the endpoint in the store's URL" + query + "endpoint=" + rest);
  CHECK(s3_fault(named + "/sub") ==
        "usage: the endpoint in the store's URL holds a path | write endpoint=https://HOST alone: "
        "bucket and prefix are said before the settings");
  CHECK(s3_fault("s3://b", {{"AWS_ENDPOINT_URL_S3", "http://h?token=secret"}}) ==
        "usage: AWS_ENDPOINT_URL_S3" + query + "AWS_ENDPOINT_URL_S3=" + rest);
  CHECK(s3_fault("s3://b", {{"AWS_CONFIG_FILE", config}}) ==
        "usage: endpoint_url of profile 'default' in '" + config + "'" + query +
            "endpoint_url = " + rest);
  CHECK(failure([] { talk_to_google("gs://b?endpoint=http://u:secret@h", settings()); }) ==
        "usage: the endpoint in the store's URL holds a user name or a password | take it out: "
        "credentials come from the environment or from files");
  StoreSettings of_object = settings();
  of_object.url_of = "object";
  CHECK(failure([&] { talk_to_google("gs://b?endpoint=notaurl", of_object); }) ==
        "usage: the endpoint in the object's URL is no http or https URL | write "
        "endpoint=https://HOST");
  // The same endpoint as before, also with a slash at its end.
  CHECK(talk_to_s3(named + "/", settings())->bucket().get("k").url() == "http://h/b/k");
}

TEST_CASE("s3: who names a file of authorities that is none is said, where TLS is spoken") {
  TemporaryFolder folder;
  const std::string hint =
      " | name a file of certificates (PEM), or unset it to trust the system's authorities";
  const auto fault = [](const std::string& endpoint, const Variables& variables) {
    return failure(
        [&] { talk_to_s3("s3://b?credentials=none&endpoint=" + endpoint, settings(variables)); });
  };
  CHECK(fault("https://h", {{"AWS_CA_BUNDLE", "/no/such.pem"}}) ==
        "storage: AWS_CA_BUNDLE names '/no/such.pem', which is not there" + hint);
  CHECK(fault("http://h", {{"AWS_CA_BUNDLE", "/no/such.pem"}}) == "nothing");
  const std::string text = folder.write("text", "no certificate");
  CHECK(fault("https://h", {{"SSL_CERT_FILE", text}}) ==
        "storage: SSL_CERT_FILE names '" + text + "', which holds no certificate" + hint);
  const std::string config = folder.write("config", "[default]\nca_bundle = /no/such.pem\n");
  CHECK(fault("https://h", {{"AWS_CONFIG_FILE", config}}) ==
        "storage: ca_bundle of profile 'default' in '" + config +
            "' names '/no/such.pem', which is not there" + hint);
  CHECK(fault("https://h", {{"AWS_CA_BUNDLE", folder.path()}}).find("storage: AWS_CA_BUNDLE: ") ==
        0);
}

TEST_CASE("azure: a path in an endpoint is the account's, and its source is named") {
  CHECK(azure_fault("azure://acme/models?endpoint=notaurl") ==
        "usage: the endpoint in the store's URL is no http or https URL | write "
        "endpoint=https://HOST/ACCOUNT");
  CHECK(azure_fault("azure://acme/models",
                    {{"AZURE_STORAGE_CONNECTION_STRING",
                      "AccountName=acme;AccountKey=c2VjcmV0;BlobEndpoint=http://h:0/acme"}}) ==
        "usage: BlobEndpoint in AZURE_STORAGE_CONNECTION_STRING has no valid port | a port is a "
        "number from 1 to 65535");
}

TEST_CASE("web: where a prefix is") {
  const auto key_k = [](const std::string& url) {
    return talk_to_web(url, settings())->bucket().get("k").url();
  };
  CHECK(key_k("https://H.example/a%20b/") == "https://h.example/a%20b/k");
  CHECK(key_k("http://127.0.0.1:8080") == "http://127.0.0.1:8080/k");
  CHECK(talk_to_web("HTTPS://H.example/a/", settings())->bucket().url() == "https://h.example/a");
}

TEST_CASE("web: no password and no query") {
  CHECK(failure([] { talk_to_web("https://u:secret@h/x", settings()); }) ==
        "usage: the store's URL 'https://…' holds a user name or a password | take it out: "
        "credentials come from the environment or from files");
  CHECK(failure([] { talk_to_web("https://h/x?token=secret", settings()); }) ==
        "usage: the store's URL 'https://…' holds the unknown setting 'token' | leave out what "
        "follows the question mark; secrets never belong in a URL");
}

}  // namespace algoctl::test
