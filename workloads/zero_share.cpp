#include "workloads/zero_share.hpp"

#include <algorithm>

namespace eyrie {

/// The first psum from `least` whose word is at least `word`; most + 1 if there is none.
static std::int64_t first_reaching(const RisingWord& f, std::int32_t word, std::int64_t least, std::int64_t most) {
  auto end = most + 1;
  while (least < end) {
    const auto middle = least + (end - least) / 2;
    if (f(middle) < word)
      least = middle + 1;
    else
      end = middle;
  }
  return end;
}

ZeroShare::ZeroShare(const PsumTensor& all, PsumTensor largest, Bits width, const RisingWord& word)
    : largest_{std::move(largest)},
      least_possible_{-(std::int64_t{1} << (width.count() - 1))},
      most_possible_{-least_possible_ - 1},
      first_zero_{first_reaching(word, 0, least_possible_, most_possible_)},
      last_zero_{first_reaching(word, 1, least_possible_, most_possible_) - 1} {
  if (all.data().empty()) return;
  const auto [least, most] = std::ranges::minmax(all.data());
  least_ = least;
  most_ = most;
}

std::optional<double> ZeroShare::after(std::int64_t taken) const {
  if (least_ - taken < least_possible_ || most_ - taken > most_possible_) return std::nullopt;
  const auto first = std::clamp(first_zero_ + taken, least_, most_ + 1);
  const auto last = std::clamp(last_zero_ + taken, least_ - 1, most_);
  std::int64_t zeros = 0;
  if (first <= last) {
    // as one comparison: psums from `first` on are 0 to `length`
    const auto start = static_cast<std::uint32_t>(first), length = static_cast<std::uint32_t>(last - first);
    for (const auto v : largest_.data()) zeros += static_cast<std::uint32_t>(v) - start <= length ? 1 : 0;
  }
  return static_cast<double>(zeros) / std::max<double>(1, static_cast<double>(largest_.data().size()));
}

double zero_share(const Tensor& t) {
  return static_cast<double>(std::ranges::count(t.data(), 0)) /
         std::max<double>(1, static_cast<double>(t.data().size()));
}

}  // namespace eyrie
