#pragma once

#include <cctype>
#include <cmath>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <unordered_map>

/// A logistic regression over the words of a short review, as export.py writes it down.
class Sentiment {
 public:
  struct Answer {
    std::string label;
    double score;  ///< how sure it is: 0.5 to 1
  };

  /// Throws std::runtime_error naming the first line that makes no sense.
  static Sentiment load(const std::string& path) {
    Sentiment model;
    std::ifstream file(path);
    std::string line;
    for (int number = 1; std::getline(file, line); ++number) {
      std::istringstream fields(line);
      std::string name, rest;
      Word word{};
      if (number == 1) {
        fields >> model.labels_[0] >> model.labels_[1] >> model.intercept_;
      } else {
        fields >> name >> word.idf >> word.weight;
        model.words_.emplace(name, word);
      }
      if (!fields || fields >> rest) {
        throw std::runtime_error("line " + std::to_string(number) + " is not two labels, or a " +
                                 "word, and its numbers");
      }
    }
    if (model.words_.empty()) throw std::runtime_error("there are no words");
    return model;
  }

  /// That of scikit-learn's predict_proba, for ASCII text.
  [[nodiscard]] Answer answer(const std::string& text) const {
    double sum = 0, square = 0;
    for (const auto& [name, count] : count_words(text)) {
      const auto found = words_.find(name);
      if (found == words_.end()) continue;
      const double frequency = count * found->second.idf;
      sum += frequency * found->second.weight;
      square += frequency * frequency;
    }
    const double logit = intercept_ + (square > 0 ? sum / std::sqrt(square) : 0);
    const double second = 1 / (1 + std::exp(-logit));
    return second > 0.5 ? Answer{labels_[1], second} : Answer{labels_[0], 1 - second};
  }

 private:
  struct Word {
    double idf;  ///< inverse document frequency
    double weight;
  };

  /// Of two letters or more, as scikit-learn's vectorizers see them.
  static std::map<std::string, int> count_words(const std::string& text) {
    std::map<std::string, int> counts;
    std::string word;
    for (const char each : text + " ") {
      const auto byte = static_cast<unsigned char>(each);
      if (std::isalnum(byte) || each == '_') {
        word += static_cast<char>(std::tolower(byte));
      } else {
        if (word.size() > 1) ++counts[word];
        word.clear();
      }
    }
    return counts;
  }

  std::string labels_[2];
  double intercept_ = 0;
  std::unordered_map<std::string, Word> words_;
};
