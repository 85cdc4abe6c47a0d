#include "sim/filter_code.hpp"

#include <algorithm>

#include "arch/codebook.hpp"
#include "base/ensure.hpp"
#include "sim/run_length.hpp"
#include "workloads/compression/prune.hpp"

namespace eyrie {

using enum Dim;

FilterCoder::FilterCoder(const RunLengthCode& code, Bits width, std::int64_t codebook_bits,
                         std::span<const std::int16_t> filters)
    : code_{code},
      width_{width},
      value_{width},
      indices_{code.codebook && codebook_bits > 0 && codebook_bits < width.count()} {
  if (!indices_) return;
  value_ = Bits{codebook_bits};
  ensure(few_values(filters, codebook_bits), "filters with a codebook are all in it");
  if (code.filters == FilterCode::RunLength)
    ensure(indices_in_word(code, value_) > 0, "a packed word has room for an index, as the machine was checked for");
}

FilterPairs FilterCoder::pairs(const Tensor& weight, const LayerNest& l, const sim::Box& tile) const {
  switch (code_.filters) {
    case FilterCode::RunLength:
      return run_length(weight, l, tile);
    case FilterCode::Csc:
      return columns(weight, l, tile);
    case FilterCode::Plain:
      break;
  }
  return {.values = l.tile_words(Operand::Weight, tile.extent).count()};
}

/// In the order in which the tile's words lie: filter by filter, channel by channel, row by row.
FilterPairs FilterCoder::run_length(const Tensor& weight, const LayerNest& l, const sim::Box& tile) const {
  sim::RunLengthMeter meter{code_};
  for (std::int64_t g = 0; g < tile.extent[G]; ++g)
    for (std::int64_t m = 0; m < tile.extent[M]; ++m)
      for (std::int64_t c = 0; c < tile.extent[C]; ++c)
        for (std::int64_t r = 0; r < tile.extent[R]; ++r) {
          const auto first = weight.index((tile.offset[G] + g) * l.extent[M] + tile.offset[M] + m, tile.offset[C] + c,
                                          tile.offset[R] + r, tile.offset[S]);
          meter.add({weight.data().data() + first, static_cast<std::size_t>(tile.extent[S])});
        }
  return {.values = meter.pairs()};
}

/// Filters that one input word meets are a column, cut where its pointer would not reach further.
FilterPairs FilterCoder::columns(const Tensor& weight, const LayerNest& l, const sim::Box& tile) const {
  const std::int64_t longest = (std::int64_t{1} << code_.csc.pointer.count()) - 1;
  const std::int64_t most_zeros = (std::int64_t{1} << code_.csc.count.count()) - 1;
  const Shape& shape = weight.shape();
  const auto step = shape.c * shape.h * shape.w;
  FilterPairs all;
  const auto column = [&](const std::int16_t* word, std::int64_t n) {
    ++all.columns;
    std::int64_t zeros = 0;
    for (std::int64_t m = 0; m < n; ++m, word += step) {
      if (*word == 0) {
        ++zeros;
        continue;
      }
      all.values += 1 + zeros / (most_zeros + 1);
      zeros = 0;
    }
  };
  const auto& e = tile.extent;
  for (std::int64_t g = 0; g < e[G]; ++g)
    for (std::int64_t c = 0; c < e[C]; ++c)
      for (std::int64_t r = 0; r < e[R]; ++r)
        for (std::int64_t s = 0; s < e[S]; ++s)
          for (std::int64_t m = 0; m < e[M]; m += longest)
            column(weight.data().data() + weight.index((tile.offset[G] + g) * l.extent[M] + tile.offset[M] + m,
                                                       tile.offset[C] + c, tile.offset[R] + r, tile.offset[S] + s),
                   std::min(longest, e[M] - m));
  return all;
}

Bytes FilterCoder::bytes(const FilterPairs& p) const {
  const auto whole = [](std::int64_t bits) { return Bytes{ceil_div(bits, 8)}; };
  switch (code_.filters) {
    case FilterCode::RunLength: {
      const auto in_a_word = indices_ ? indices_in_word(code_, value_) : code_.pairs;
      return Bytes{ceil_div(p.values, in_a_word) * code_.word.count() / 8};
    }
    case FilterCode::Csc:
      return whole(p.values * (value_ + code_.csc.count).count() + p.columns * code_.csc.pointer.count());
    case FilterCode::Plain:
      break;
  }
  return whole(p.values * value_.count());
}

Bytes FilterCoder::codebook() const {
  return indices_ ? bytes_of(Words{std::int64_t{1} << value_.count()}, width_) : Bytes{};
}

}  // namespace eyrie
