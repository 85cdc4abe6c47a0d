#pragma once

// Internal to dataflows: lines that PEs which share windows are sent in one pass, remembered. The union over PEs is the
// one part of the closed form that is walked through instead of multiplied out, and mappings of one layer ask for the
// same few unions again and again.

#include <array>
#include <cstdint>
#include <vector>

#include "dataflows/window.hpp"

namespace eyrie {

/// A table of fixed size, 256 KiB once it is used, in which a newer answer takes the place of an older one. Answers are
/// those of `window_sent`.
class SentWindows {
 public:
  Histogram sent(const PassSide& out, const PassSide& tap, std::int64_t stride, std::int64_t dilation);

 private:
  static constexpr std::size_t kEntries = 1024, kWords = 20, kBins = 4;
  /// Extents, steps and loops of both sides; loops by the order in which they stand, so that what lies between them
  /// makes no difference.
  struct Key {
    std::array<std::int64_t, kWords> words{};
    std::size_t used = 0;
    bool fits = true;  ///< longer ones are not remembered
    void add(std::int64_t word);
    [[nodiscard]] std::size_t hash() const;
    bool operator==(const Key&) const;
  };
  struct Entry {
    Key key;
    std::array<Histogram::Bin, kBins> bins;  ///< positions: numbers of loops in their order
    std::size_t used = 0;                    ///< none: an empty entry
  };

  static Key key_of(const PassSide& out, const PassSide& tap, const InlineVector<int, 8>& order, std::int64_t stride,
                    std::int64_t dilation);

  std::vector<Entry> entries_;
};

}  // namespace eyrie
