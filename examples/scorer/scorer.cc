// scorer HOME REFERENCE [PORT]   serves a classifier of short reviews that reloads meanwhile
//
// The first line on stdout is the port, a free one when none was named. SIGTERM ends it.

#include <algoctl/algoctl.h>
#include <httplib.h>
#include <signal.h>

#include <cstdlib>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "sentiment.h"

namespace {

using Json = nlohmann::json;

void reply(httplib::Response& response, const Json& answer) {
  response.set_content(answer.dump() + "\n", "application/json");
}

Json version_or_null(const std::optional<algoctl::ModelVersion>& version) {
  return version ? Json(version->str()) : Json();
}

Json to_json(const algoctl::ReloadStatus& status) {
  return {
      {"state", algoctl::state_name(status.state)},
      {"serving", version_or_null(status.serving)},
      {"wanted", version_or_null(status.wanted)},
      {"prepared", version_or_null(status.prepared)},
      {"error", status.last_error ? Json(status.last_error->message) : Json()},
      {"loads", status.counts.loads},
      {"switches", status.counts.switches},
      {"failures", status.counts.failures},
  };
}

/// What no model may get wrong is not served.
bool is_sane(const Sentiment& sentiment) {
  return sentiment.answer("great sound, I love it").label == "positive";
}

void serve(const std::string& home, const std::string& reference, int port, const sigset_t& ends) {
  algoctl::ClientOptions places;
  places.home = home;
  places.cache = home + "/cache";
  const algoctl::Client client(places);

  algoctl::ModelOptions<Sentiment> options;
  options.name = "scorer";
  options.validate = is_sane;
  const algoctl::Model<Sentiment> model(
      client, reference,
      [](const algoctl::Files& files) { return Sentiment::load(files.path("weights")); }, options);

  const auto score = [&model](const std::string& text, httplib::Response& response) {
    const auto sentiment = model.get();  // a model and its version: no reload comes between them
    const auto answer = sentiment->answer(text);
    reply(
        response,
        {{"label", answer.label}, {"score", answer.score}, {"version", sentiment.version().str()}});
  };

  httplib::Server server;
  server.new_task_queue = [] { return new httplib::ThreadPool(64); };  // one for each connection
  server.set_tcp_nodelay(true);
  server.Get("/score", [&](const httplib::Request& request, httplib::Response& response) {
    score(request.get_param_value("text"), response);
  });
  server.Post("/score", [&](const httplib::Request& request, httplib::Response& response) {
    score(request.body, response);
  });
  server.Get("/status", [&](const httplib::Request&, httplib::Response& response) {
    reply(response, to_json(model.status()));
  });

  const std::string host = "127.0.0.1";
  if (port == 0) {
    port = server.bind_to_any_port(host);
  } else if (!server.bind_to_port(host, port)) {
    port = -1;
  }
  if (port < 0) throw std::runtime_error("cannot listen on that port");
  std::thread serving([&server] { server.listen_after_bind(); });
  std::cout << port << std::endl;

  int signal = 0;
  sigwait(&ends, &signal);
  while (!server.is_running()) std::this_thread::yield();  // else there is nothing to stop yet
  server.stop();
  serving.join();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3 || argc > 4) {
    std::cerr << "usage: scorer HOME REFERENCE [PORT]\n";
    return 2;
  }
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);  // in all threads: `serve` waits for them
  try {
    serve(argv[1], argv[2], argc == 4 ? std::atoi(argv[3]) : 0, ends);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "scorer: " << error.what() << "\n";
    return 1;
  }
}
