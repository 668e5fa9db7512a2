#include "base/xml.h"

#include <expat.h>

#include <memory>

namespace algoctl {
namespace {

constexpr std::size_t kDeepest = 32;
// Far more than the longest list: Azure's, of 5000 blobs with some thirty elements each.
constexpr std::size_t kMost = 300'000;

/// Builds the tree from expat's events. After a fault nothing more is built.
class Builder {
 public:
  explicit Builder(XML_Parser parser) : parser_(parser) {
    XML_SetUserData(parser, this);
    XML_SetElementHandler(parser, &Builder::begin, &Builder::end);
    XML_SetCharacterDataHandler(parser, &Builder::text);
    XML_SetEntityDeclHandler(parser, &Builder::entity);
  }

  XmlNode take() { return std::move(root_.children.front()); }
  [[nodiscard]] bool whole() const { return !failed_ && root_.children.size() == 1; }

 private:
  static Builder& self(void* data) { return *static_cast<Builder*>(data); }

  static void begin(void* data, const XML_Char* name, const XML_Char** /*attributes*/) {
    Builder& builder = self(data);
    if (builder.open_.size() > kDeepest || ++builder.count_ > kMost) return builder.fail();
    const std::string_view text = name;
    XmlNode node;
    node.name = std::string(text.substr(text.rfind(':') + 1));  // npos + 1 is 0
    // Stays where it is: nothing is added beside an element that is open.
    builder.open_.back()->children.push_back(std::move(node));
    builder.open_.push_back(&builder.open_.back()->children.back());
  }
  static void end(void* data, const XML_Char* /*name*/) {
    Builder& builder = self(data);
    if (!builder.failed_) builder.open_.pop_back();
  }
  static void text(void* data, const XML_Char* bytes, int size) {
    Builder& builder = self(data);
    if (!builder.failed_) builder.open_.back()->text.append(bytes, static_cast<std::size_t>(size));
  }
  static void entity(void* data, const XML_Char*, int, const XML_Char*, int, const XML_Char*,
                     const XML_Char*, const XML_Char*, const XML_Char*) {
    self(data).fail();
  }

  void fail() {
    failed_ = true;
    XML_StopParser(parser_, XML_FALSE);
  }

  XML_Parser parser_;
  XmlNode root_;
  std::vector<XmlNode*> open_ = {&root_};
  std::size_t count_ = 0;
  bool failed_ = false;
};

}  // namespace

const XmlNode* XmlNode::find(std::string_view child) const noexcept {
  for (const XmlNode& each : children) {
    if (each.name == child) return &each;
  }
  return nullptr;
}

std::string XmlNode::value(std::string_view child) const {
  const XmlNode* found = find(child);
  return found == nullptr ? std::string() : found->text;
}

std::optional<XmlNode> parse_xml(std::string_view text) {
  const std::unique_ptr<XML_ParserStruct, void (*)(XML_Parser)> parser(XML_ParserCreate("UTF-8"),
                                                                       XML_ParserFree);
  if (!parser) return std::nullopt;
  Builder builder(parser.get());
  const auto status = XML_Parse(parser.get(), text.data(), static_cast<int>(text.size()), 1);
  if (status != XML_STATUS_OK || !builder.whole()) return std::nullopt;
  return builder.take();
}

std::string xml_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '&': out += "&amp;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

}  // namespace algoctl
