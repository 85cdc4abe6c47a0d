#include "workloads/convolution.hpp"

#include <algorithm>
#include <array>

#include "workloads/threads.hpp"

namespace eyrie::fast {

using enum Dim;

namespace {

/// How a padded ifmap is laid out so that neighbouring outputs read neighbouring words, whatever the stride: rows and
/// columns that are a multiple of the stride apart lie together, in a plane for each phase. An output (p, q) is the
/// position p * columns + q of every plane; those at the end of a row that are no output are computed and dropped.
struct Planes {
  std::int64_t row_phases, column_phases, rows, columns;

  explicit Planes(const LayerNest& l)
      : row_phases{l.extent[R] == 1 ? 1 : l.stride.rows},
        column_phases{l.extent[S] == 1 ? 1 : l.stride.columns},
        rows{l.extent[R] == 1 ? l.extent[P] : ceil_div(l.padded_rows(), l.stride.rows)},
        columns{l.extent[S] == 1 ? l.extent[Q] : ceil_div(l.padded_columns(), l.stride.columns)} {}

  [[nodiscard]] std::int64_t words() const { return row_phases * column_phases * rows * columns; }
  /// Of one padded row and column.
  [[nodiscard]] std::int64_t place(std::int64_t row, std::int64_t column, const RowsColumns& stride) const {
    const auto phase = row_phases == 1 ? 0 : row % stride.rows,
               column_phase = column_phases == 1 ? 0 : column % stride.columns;
    return ((phase * column_phases + column_phase) * rows + row / stride.rows) * columns + column / stride.columns;
  }
};

/// Words that blocks may read behind the last plane.
constexpr std::int64_t kSlack = 128;
/// Weights of a task: they stay in the cache while all positions go by.
constexpr std::int64_t kPackedBytes = 128 * 1024;
constexpr std::int64_t kMostPositions = 64, kMostChannels = 4;

/// A run of positions that are outputs of one row.
struct Segment {
  std::int64_t position;  ///< of the block
  std::int64_t output;    ///< p * Q + q
  std::int64_t length;
};

class Convolution {
 public:
  Convolution(const LayerNest& l, const Tensor& input, const Tensor& weight, const std::vector<std::int32_t>& bias,
              const Arithmetic& a, const TapKernels& kernels)
      : l_{l}, in_{input}, weight_{weight}, bias_{bias}, a_{a}, k_{kernels}, planes_{l} {}

  PsumTensor run(unsigned jobs) {
    lay_out(jobs);
    list_taps();
    PsumTensor out{Shape{l_.extent[N], l_.extent[G] * l_.extent[M], l_.extent[P], l_.extent[Q]}};
    const auto each = std::clamp<std::int64_t>(kPackedBytes / (4 * taps()) / k_.channels * k_.channels, k_.channels,
                                               round_up(l_.extent[M], k_.channels));
    const auto shares = ceil_div(l_.extent[M], each), planes = l_.extent[N] * l_.extent[G];
    in_threads(jobs, static_cast<std::size_t>(planes * shares), [&](std::size_t task) {
      const auto plane = static_cast<std::int64_t>(task) % planes;
      const auto first = static_cast<std::int64_t>(task) / planes * each;
      share(out, plane / l_.extent[G], plane % l_.extent[G], first, std::min(l_.extent[M], first + each));
    });
    return out;
  }

 private:
  static std::int64_t round_up(std::int64_t n, std::int64_t to) { return ceil_div(n, to) * to; }
  [[nodiscard]] std::int64_t pairs() const { return ceil_div(l_.extent[C], k_.tap_pair); }
  [[nodiscard]] std::int64_t window() const { return l_.extent[R] * l_.extent[S]; }
  [[nodiscard]] std::int64_t taps() const { return pairs() * window(); }
  /// Words of all planes of a channel, or of two interleaved.
  [[nodiscard]] std::int64_t pair_words() const { return planes_.words() * k_.tap_pair; }

  void lay_out(unsigned jobs) {
    const auto groups = l_.extent[N] * l_.extent[G];
    words_.assign(static_cast<std::size_t>(groups * pairs() * pair_words() + kSlack), 0);
    in_threads(jobs, static_cast<std::size_t>(groups), [&](std::size_t group) {
      for (std::int64_t c = 0; c < l_.extent[C]; ++c) lay_out_channel(static_cast<std::int64_t>(group), c);
    });
  }

  void lay_out_channel(std::int64_t group, std::int64_t c) {
    const Shape& x = in_.shape();
    const auto step = k_.tap_pair;
    const std::int16_t* from = in_.data().data() + (group * l_.extent[C] + c) * x.h * x.w;
    std::int16_t* to = words_.data() + (group * pairs() + c / step) * pair_words() + c % step;
    const auto columns = std::min(x.w, l_.padded_columns() - l_.padding.left);
    for (std::int64_t h = 0; h < std::min(x.h, l_.padded_rows() - l_.padding.top); ++h, from += x.w) {
      const auto row = h + l_.padding.top;
      if (planes_.row_phases == 1 && row % l_.stride.rows != 0) continue;
      if (l_.stride.columns == 1) {
        std::int16_t* at = to + planes_.place(row, l_.padding.left, l_.stride) * step;
        for (std::int64_t w = 0; w < columns; ++w) at[w * step] = from[w];
      } else {
        for (std::int64_t w = 0; w < columns; ++w)
          if (const auto column = w + l_.padding.left; planes_.column_phases > 1 || column % l_.stride.columns == 0)
            to[planes_.place(row, column, l_.stride) * step] = from[w];
      }
    }
  }

  void list_taps() {
    offsets_.reserve(static_cast<std::size_t>(taps()));
    for (std::int64_t c = 0; c < pairs(); ++c)
      for (std::int64_t r = 0; r < l_.extent[R]; ++r)
        for (std::int64_t s = 0; s < l_.extent[S]; ++s)
          offsets_.push_back(static_cast<std::int32_t>(
              c * pair_words() +
              planes_.place(r * l_.dilation.rows, s * l_.dilation.columns, l_.stride) * k_.tap_pair));
  }

  /// Weights of `channels` channels from `first`, as the kernels want them.
  void pack(std::int64_t first, std::int64_t channels, std::uint32_t* to) const {
    const auto half = [](std::int16_t w) { return std::uint32_t{static_cast<std::uint16_t>(w)}; };
    for (std::int64_t m = 0; m < channels; ++m) {
      const std::int16_t* from = weight_.data().data() + (first + m) * l_.extent[C] * window();
      std::uint32_t* at = to + m;
      if (k_.tap_pair == 1) {
        for (std::int64_t tap = 0; tap < taps(); ++tap, at += channels) *at = half(from[tap]) * 0x10001U;
        continue;
      }
      for (std::int64_t c = 0; c < l_.extent[C]; c += 2, from += 2 * window())
        for (std::int64_t t = 0; t < window(); ++t, at += channels)
          *at = half(from[t]) | (c + 1 < l_.extent[C] ? half(from[t + window()]) << 16 : 0U);
    }
  }

  [[nodiscard]] std::vector<Segment> segments(std::int64_t from, std::int64_t to) const {
    std::vector<Segment> all;
    for (auto position = from; position < to;) {
      const auto p = position / planes_.columns, q = position % planes_.columns;
      const auto end = std::min(to, (p + 1) * planes_.columns);
      if (const auto length = std::min(end - position, l_.extent[Q] - q); length > 0)
        all.push_back({position - from, p * l_.extent[Q] + q, length});
      position = end;
    }
    return all;
  }

  /// Channels [first, last) of a group of an image.
  void share(PsumTensor& out, std::int64_t n, std::int64_t g, std::int64_t first, std::int64_t last) const {
    const auto channel = g * l_.extent[M];
    std::vector<std::uint32_t> packed(static_cast<std::size_t>((last - first) * taps()));
    for (auto m = first, most = k_.channels; m < last; m += most) {
      if (last - m < most) most = 1;
      pack(channel + m, most, packed.data() + (m - first) * taps());
    }
    const auto all = (l_.extent[P] - 1) * planes_.columns + l_.extent[Q];
    const std::int16_t* plane = words_.data() + (n * l_.extent[G] + g) * pairs() * pair_words();
    std::array<std::int32_t, kMostChannels * kMostPositions> sums;
    for (std::int64_t from = 0; from < all; from += k_.positions) {
      const auto cut = segments(from, std::min(all, from + k_.positions));
      for (auto m = first, most = k_.channels; m < last; m += most) {
        if (last - m < most) most = 1;
        (most == 1 ? k_.one : k_.many)({.input = plane + from * k_.tap_pair,
                                        .offset = offsets_.data(),
                                        .weights = packed.data() + (m - first) * taps(),
                                        .taps = taps(),
                                        .shift = a_.product_shift,
                                        .sums = sums.data()});
        for (std::int64_t k = 0; k < most; ++k) leave(out, n, channel + m + k, sums.data() + k * k_.positions, cut);
      }
    }
  }

  void leave(PsumTensor& out, std::int64_t n, std::int64_t channel, const std::int32_t* sums,
             const std::vector<Segment>& cut) const {
    std::int32_t* to = out.data().data() + out.index(n, channel, 0, 0);
    const auto bias = bias_.empty() ? 0U : static_cast<std::uint32_t>(bias_[static_cast<std::size_t>(channel)]);
    const int unused = 32 - static_cast<int>(a_.widths.psum.count());
    for (const auto& s : cut)
      for (std::int64_t i = 0; i < s.length; ++i)
        to[s.output + i] =
            static_cast<std::int32_t>((static_cast<std::uint32_t>(sums[s.position + i]) + bias) << unused) >> unused;
  }

  const LayerNest& l_;
  const Tensor& in_;
  const Tensor& weight_;
  const std::vector<std::int32_t>& bias_;
  const Arithmetic& a_;
  TapKernels k_;
  Planes planes_;
  std::vector<std::int16_t> words_;  ///< [image][group][channel, or two][phase][row][column], of two: interleaved
  std::vector<std::int32_t> offsets_;
};

/// Does every output read its group's whole ifmap, as it lies?
bool reads_all(const LayerNest& l, const Shape& in) {
  return l.extent[P] == 1 && l.extent[Q] == 1 && l.extent[R] == in.h && l.extent[S] == in.w && l.padding == Padding{} &&
         l.dilation == RowsColumns{};
}

PsumTensor whole(const LayerNest& l, const Tensor& input, const Tensor& weight, const std::vector<std::int32_t>& bias,
                 const Arithmetic& a, const TapKernels& kernels, unsigned jobs) {
  constexpr std::int64_t kShare = 32;  // filters
  const auto run = l.extent[C] * l.extent[R] * l.extent[S], channels = l.extent[G] * l.extent[M];
  PsumTensor out{Shape{l.extent[N], channels, 1, 1}};
  in_threads(jobs, static_cast<std::size_t>(ceil_div(channels, kShare)), [&](std::size_t task) {
    std::vector<std::int32_t> sums(static_cast<std::size_t>(l.extent[N]));
    const auto first = static_cast<std::int64_t>(task) * kShare;
    for (auto m = first; m < std::min(channels, first + kShare); ++m) {
      kernels.runs({.weights = weight.data().data() + m * run,
                    .input = input.data().data() + m / l.extent[M] * run,
                    .taps = run,
                    .inputs = l.extent[N],
                    .apart = l.extent[G] * run,
                    .shift = a.product_shift,
                    .sums = sums.data()});
      const std::int64_t start = bias.empty() ? 0 : bias[static_cast<std::size_t>(m)];
      for (std::int64_t n = 0; n < l.extent[N]; ++n)
        out.at(n, m, 0, 0) = wrap(start + sums[static_cast<std::size_t>(n)], a.widths.psum);
    }
  });
  return out;
}

}  // namespace

PsumTensor psums(const LayerNest& l, const Tensor& input, const Tensor& weight, const std::vector<std::int32_t>& bias,
                 const Arithmetic& a, unsigned jobs, Instructions instructions) {
  const auto kernels = tap_kernels(a.product_shift, a.widths.psum, instructions);
  if (reads_all(l, input.shape())) return whole(l, input, weight, bias, a, kernels, jobs);
  return Convolution{l, input, weight, bias, a, kernels}.run(jobs);
}

Bytes psums_scratch(const LayerNest& l, unsigned jobs) {
  const auto taps = ceil_div(l.extent[C], 2) * 2 * l.extent[R] * l.extent[S];
  const auto planes = l.extent[N] * l.extent[G] * ceil_div(l.extent[C], 2) * 2 * Planes{l}.words() + kSlack;
  return Bytes{2 * planes + 4 * taps + jobs * std::max(kPackedBytes, 4 * kMostChannels * taps)};
}

}  // namespace eyrie::fast
