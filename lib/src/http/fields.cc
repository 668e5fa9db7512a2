#include "http/fields.h"

#include <algorithm>
#include <utility>

namespace algoctl::http {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string fold_blanks(std::string_view value) {
  std::string out;
  bool blank = false;
  for (const char c : value) {
    if (c == ' ' || c == '\t') {
      blank = true;
      continue;
    }
    if (blank && !out.empty()) out += ' ';
    blank = false;
    out += c;
  }
  return out;
}

void remove_field(Fields& fields, std::string_view name) {
  std::erase_if(fields, [&](const Field& field) { return lower(field.name) == lower(name); });
}

void set_field(Fields& fields, std::string name, std::string value) {
  remove_field(fields, name);
  fields.push_back({std::move(name), std::move(value)});
}

}  // namespace algoctl::http
