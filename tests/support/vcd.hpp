#pragma once

// Value change dumps, as far as tests read them.

#include <cstdint>
#include <map>
#include <string>

namespace eyrie::test {

struct Vcd {
  std::int64_t first = 0, last = 0;  ///< time of the first values; of the end
  /// By hierarchical name without the outermost scope: values by time of change, as unsigned numbers.
  std::map<std::string, std::map<std::int64_t, std::uint64_t>> signals;
  [[nodiscard]] std::uint64_t at(const std::string& signal, std::int64_t time) const;
};
/// Throws std::runtime_error at what is no VCD: a value of no variable, a time that goes back, a scope left open.
Vcd read_vcd(const std::string& text);

}  // namespace eyrie::test
