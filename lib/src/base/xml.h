#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace algoctl {

/// A parsed XML element: what servers answer with. Attributes and name spaces are left out.
struct XmlNode {
  std::string name;  ///< without its name space's prefix
  std::string text;  ///< all character data directly in it
  std::vector<XmlNode> children;

  /// The first child of this name, or nullptr.
  [[nodiscard]] const XmlNode* find(std::string_view child) const noexcept;
  /// The text of the first child of this name, or empty.
  [[nodiscard]] std::string value(std::string_view child) const;
};

/// Parses a document in UTF-8, by expat; nullopt when it is malformed, deeper than 32 levels, of
/// more than 300,000 elements, or defines entities. Returns the root.
std::optional<XmlNode> parse_xml(std::string_view text);

/// Character data as it stands in a document.
std::string xml_escaped(std::string_view text);

}  // namespace algoctl
