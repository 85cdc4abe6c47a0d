#include "sim/run_length.hpp"

namespace eyrie::sim {

std::vector<RunLevel> run_length_pairs(std::span<const std::int16_t> values, const RunLengthCode& code) {
  const std::int64_t longest = (std::int64_t{1} << code.run.count()) - 1;
  std::vector<RunLevel> pairs;
  std::int64_t zeros = 0;
  for (auto v : values) {
    if (v == 0 && zeros < longest) {
      ++zeros;
      continue;
    }
    pairs.push_back({zeros, v});
    zeros = 0;
  }
  if (zeros > 0) pairs.push_back({zeros - 1, 0});
  return pairs;
}

std::vector<std::int16_t> run_length_values(std::span<const RunLevel> pairs) {
  std::vector<std::int16_t> values;
  for (const auto& p : pairs) {
    values.insert(values.end(), static_cast<std::size_t>(p.run), std::int16_t{0});
    values.push_back(p.level);
  }
  return values;
}

void RunLengthMeter::add(std::span<const std::int16_t> values) {
  auto zeros = zeros_, pairs = pairs_;
  for (const auto v : values) {
    const bool ends = v != 0 || zeros == longest_;
    pairs += ends ? 1 : 0;
    zeros = ends ? 0 : zeros + 1;
  }
  zeros_ = zeros;
  pairs_ = pairs;
}

void RunLengthMeter::add_zeros(std::int64_t n) {
  pairs_ += (zeros_ + n) / (longest_ + 1);
  zeros_ = (zeros_ + n) % (longest_ + 1);
}

Bytes packed_bytes(std::int64_t pairs, const RunLengthCode& code) {
  return Bytes{ceil_div(pairs, code.pairs) * code.word.count() / 8};
}

}  // namespace eyrie::sim
