#include "dataflows/sent_windows.hpp"

#include <algorithm>

namespace eyrie {

void SentWindows::Key::add(std::int64_t word) {
  if (used == kWords)
    fits = false;
  else
    words[used++] = word;
}

/// The multiplier is 2^64 over the golden ratio (Knuth, The Art of Computer Programming, vol. 3, 6.4).
std::size_t SentWindows::Key::hash() const {
  std::uint64_t h = used;
  for (std::size_t i = 0; i < used; ++i) {
    h = (h ^ static_cast<std::uint64_t>(words[i])) * 0x9E3779B97F4A7C15U;
    h ^= h >> 32U;
  }
  return h;
}

bool SentWindows::Key::operator==(const Key& other) const {
  return used == other.used && std::equal(words.begin(), words.begin() + used, other.words.begin());
}

/// Positions of the loops of both sides, sorted.
static InlineVector<int, 8> order_of(std::span<const Cut> out, std::span<const Cut> tap) {
  InlineVector<int, 8> order;
  for (const auto& loops : {out, tap})
    for (const auto& loop : loops) order.push_back(loop.position);
  std::ranges::sort(order);
  return order;
}

static int number(const InlineVector<int, 8>& order, int position) {
  return position < 0 ? -1 : static_cast<int>(std::ranges::lower_bound(order, position) - order.begin());
}

SentWindows::Key SentWindows::key_of(const PassSide& out, const PassSide& tap, const InlineVector<int, 8>& order,
                                     std::int64_t stride, std::int64_t dilation) {
  Key key;
  key.add(stride);
  key.add(dilation);
  for (const auto* side : {&out, &tap}) {
    key.add(side->extent);
    key.add(std::ssize(side->steps));
    for (auto step : side->steps) key.add(step);
    key.add(std::ssize(side->loops));
    for (const auto& loop : side->loops) {
      key.add(loop.slides ? -loop.step : loop.step);
      key.add(number(order, loop.position));
    }
  }
  return key;
}

Histogram SentWindows::sent(const PassSide& out, const PassSide& tap, std::int64_t stride, std::int64_t dilation) {
  const auto fresh = [&] { return window_sent(out, tap, stride, dilation); };
  if (out.loops.empty() && tap.loops.empty()) return fresh();
  const auto order = order_of(out.loops, tap.loops);
  const auto key = key_of(out, tap, order, stride, dilation);
  if (!key.fits) return fresh();
  if (entries_.empty()) entries_.resize(kEntries);
  auto& entry = entries_[key.hash() % kEntries];
  Histogram h;
  if (entry.used > 0 && entry.key == key) {
    for (std::size_t i = 0; i < entry.used; ++i) {
      const auto& bin = entry.bins[i];
      h.add(bin.position < 0 ? -1 : order[static_cast<std::size_t>(bin.position)], bin.words);
    }
    return h;
  }
  h = fresh();
  if (h.bins().size() > kBins) return h;
  entry = {.key = key, .bins = {}, .used = 0};
  for (const auto& [position, words] : h.bins()) entry.bins[entry.used++] = {number(order, position), words};
  return h;
}

}  // namespace eyrie
