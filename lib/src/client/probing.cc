#include "client/probing.h"

#include "algoctl/error.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"

namespace algoctl {

void require_needed(const std::vector<ProbeFinding>& findings, const std::string& url) {
  for (const ProbeFinding& finding : findings) {
    if (finding.holds || !finding.needed) continue;
    throw Error(
        Code::storage,
        "store " + url + " does not do what a store must: " + finding.what + ": " + finding.detail,
        finding.remedy.empty()
            ? "`algoctl doctor --store URL` tries it again, and names all that is not well"
            : finding.remedy);
  }
}

std::string what_it_lacks(const std::vector<ProbeFinding>& findings) {
  std::vector<std::string> lacks;
  for (const ProbeFinding& finding : findings) {
    if (!finding.holds && !finding.needed) lacks.push_back(finding.what + ": " + finding.detail);
  }
  return lacks.empty() ? "" : "it can be used, but does not do all: " + join(lacks, "; ");
}

std::string verdict_text(const std::vector<ProbeFinding>& findings, std::int64_t now_ms) {
  Json rows = Json::array();
  for (const ProbeFinding& finding : findings) {
    rows.push(Json::object()
                  .set("what", finding.what)
                  .set("holds", Json(finding.holds))
                  .set("needed", Json(finding.needed))
                  .set("detail", finding.detail));
  }
  return Json::object().set("at", format_time(now_ms)).set("findings", std::move(rows)).dump();
}

std::string recalled(const std::string& verdict) try {
  const JsonNode root = parse_json(verdict, "the verdict");
  const JsonNode* at = root.find("at");
  const JsonNode* findings = root.find("findings");
  if (at == nullptr || findings == nullptr) return "";
  std::vector<std::string> lacks;
  for (const JsonNode& row : findings->items) {
    const JsonNode* what = row.find("what");
    const JsonNode* holds = row.find("holds");
    if (what == nullptr || holds == nullptr) return "";
    if (holds->text != "true") lacks.push_back(what->text);
  }
  return "tried " + at->text + ", " +
         (lacks.empty() ? "all holds" : "without: " + join(lacks, ", "));
} catch (const Error&) {
  return "";
}

}  // namespace algoctl
