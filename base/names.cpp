#include <fmt/format.h>
#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "base/yaml.hpp"

namespace eyrie {

static std::string folded(std::string_view word) {
  std::string all;
  for (const char c : word) all += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return all;
}

/// Insertions, deletions, substitutions and swaps of neighbours that turn a into b (Damerau-Levenshtein, restricted).
static std::size_t distance(const std::string& a, const std::string& b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i)
    for (std::size_t j = 1; j <= b.size(); ++j) {
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  return d[a.size()][b.size()];
}

std::string_view nearest(std::string_view word, std::span<const std::string_view> names) {
  const std::string wanted = folded(word.substr(0, 200));
  std::string_view best;
  std::size_t best_distance = std::max<std::size_t>(1, wanted.size() / 3) + 1;
  for (const auto name : names) {
    const std::string known = folded(name);
    const bool starts = wanted.size() >= 3 && known.starts_with(wanted);
    const std::size_t d = starts ? 1 : distance(wanted, known);
    if (d < best_distance) {
      best = name;
      best_distance = d;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> names) {
  if (const auto near = nearest(word, names); !near.empty()) return fmt::format("did you mean {}?", near);
  return names.empty() ? std::string("there is none") : fmt::format("known are {}", fmt::join(names, ", "));
}

}  // namespace eyrie
