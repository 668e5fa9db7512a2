#pragma once

#include <cstring>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "algoctl/c.h"
#include "algoctl/resolve.h"

/// What a result's pointers point into.
struct algoctl_memory {
  const char* text(std::string value) { return texts.emplace_back(std::move(value)).c_str(); }

  const char* text(const std::optional<algoctl::Version>& version) {
    return version ? text(version->str()) : nullptr;
  }

  const char* const* list(const std::vector<std::string>& values) {
    std::vector<const char*>& added = lists.emplace_back();
    for (const std::string& value : values) added.push_back(text(value));
    return added.data();
  }

  /// Adds a file to those of the result.
  algoctl_file& file() {
    algoctl_file& added = files.emplace_back();
    added.size = sizeof added;
    file_list.push_back(&added);
    return added;
  }

  void pulled(const algoctl::Algorithm& algorithm, const std::vector<algoctl::PulledFile>& pulled) {
    for (const algoctl::PulledFile& each : pulled) {
      algoctl_file& added = file();
      added.slot = each.slot ? text(each.slot->str()) : nullptr;
      added.label = text(each.label.str());
      added.path = text(each.path);
      added.uri = text(algoctl::data_uri(algorithm, each.label));
      added.sha256 = text(each.sha256.str());
      added.bytes = each.size;
    }
  }

  std::deque<std::string> texts;
  std::deque<std::vector<const char*>> lists;
  std::deque<algoctl_file> files;
  std::vector<const algoctl_file*> file_list;
};

namespace algoctl::c {

/// As much of the caller's struct as both know; the rest is zero. Throws Error{usage} for a size
/// that was not set.
template <typename T>
T read_struct(const T* given) {
  T read{};
  if (given == nullptr) return read;
  if (given->size < sizeof given->size) throw Error(Code::usage, "a struct has no size");
  std::memcpy(&read, given, std::min(given->size, sizeof read));
  return read;
}

/// Throws Error{usage} unless `answer` can write there: to be called before anything is done, for
/// what was committed must not end as an error.
template <typename T>
void check_place(const T* out) {
  if (out == nullptr) throw Error(Code::usage, "no place for the result");
  if (out->size < offsetof(T, memory) + sizeof(void*)) {
    throw Error(Code::usage, "a struct has no size");
  }
}

/// Writes as much of `result` as the caller knows, and hands over what it points into. `out` was
/// checked.
template <typename T>
void answer(T* out, T result, std::unique_ptr<algoctl_memory> memory) {
  result.size = out->size;
  result.memory = memory.release();
  std::memcpy(out, &result, std::min(out->size, sizeof result));
}

/// A text that must be there. `what` names it.
inline std::string given(const char* text, const char* what) {
  if (text == nullptr) throw Error(Code::usage, std::string(what) + " is not given");
  return text;
}

inline std::string or_empty(const char* text) { return text == nullptr ? "" : text; }

/// The texts of an array.
inline std::vector<std::string> texts(const char* const* array, std::size_t count,
                                      const char* what) {
  std::vector<std::string> result;
  for (std::size_t i = 0; i < count; ++i) {
    result.push_back(given(array == nullptr ? nullptr : array[i], what));
  }
  return result;
}

}  // namespace algoctl::c
