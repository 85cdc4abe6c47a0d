#include <fmt/format.h>

#include "base/quantities.hpp"
#include "interchange/accelergy.hpp"

namespace eyrie {

/// How many `from..to` are; 0 if it is no range.
static std::int64_t range_size(std::string_view range) {
  constexpr std::int64_t kMost = 1'000'000'000;
  const auto dots = range.find("..");
  if (dots == std::string_view::npos) return 0;
  const auto from = parse_integer(range.substr(0, dots)), to = parse_integer(range.substr(dots + 2));
  if (!from || !to || *from < 0 || *to < *from || *to > kMost) return 0;
  return *to - *from + 1;
}

AccelergyName accelergy_name(std::string_view name, const Place& where) {
  constexpr std::int64_t kMost = 1'000'000'000;
  const auto wrong = [&](const char* remedy) {
    return InputError(where, fmt::format("{} is no name of a component", name), remedy);
  };
  AccelergyName result;
  std::string plain;
  for (std::size_t at = 0; at < name.size();) {
    if (name[at] != '[') {
      plain += name[at++];
      continue;
    }
    const auto end = name.find(']', at);
    const auto n = end == std::string_view::npos ? 0 : range_size(name.substr(at + 1, end - at - 1));
    if (n == 0 || result.instances > kMost / n) throw wrong("write a range like [1..168]");
    result.instances *= n;
    at = end + 1;
  }
  result.leaf = plain.substr(plain.rfind('.') + 1);  // npos + 1 is 0
  if (result.leaf.empty()) throw wrong("write it like system.chip.glb");
  return result;
}

}  // namespace eyrie
