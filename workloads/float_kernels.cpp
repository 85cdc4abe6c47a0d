#include "workloads/float_kernels.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "workloads/threads.hpp"

namespace eyrie::fast {

using enum Dim;

namespace {

using Vector [[gnu::vector_size(32)]] = float;  // two halves where there is no AVX
constexpr std::int64_t kLanes = 8;
/// Positions of a strip, and strips of a panel.
constexpr std::int64_t kStrip = 2 * kLanes, kStrips = 4, kPanel = kStrip * kStrips;
/// Taps of a panel: 512 x 64 floats stay in the second cache.
constexpr std::int64_t kTaps = 512;
constexpr std::int64_t kChannels = 4;

/// What one filter meets at `kPanel` positions: [strip][tap][position].
struct Panel {
  std::int64_t taps = 0;
  std::vector<float> values = std::vector<float>(static_cast<std::size_t>(kTaps * kPanel));
};

/// sums[channel][position] += weights[channel][tap] x panel[tap][position], of one strip.
template <std::int64_t channels>
[[gnu::always_inline]] inline void strip(const float* weights, std::int64_t apart, const float* panel,
                                         std::int64_t taps, float* sums) {
  Vector sum[channels][2];
  for (std::int64_t m = 0; m < channels; ++m) std::memcpy(sum[m], sums + m * kPanel, sizeof sum[m]);
  for (std::int64_t k = 0; k < taps; ++k) {
    Vector x[2];
    std::memcpy(x, panel + k * kStrip, sizeof x);
    for (std::int64_t m = 0; m < channels; ++m) {
      const float w = weights[m * apart + k];
      sum[m][0] += x[0] * w;
      sum[m][1] += x[1] * w;
    }
  }
  for (std::int64_t m = 0; m < channels; ++m) std::memcpy(sums + m * kPanel, sum[m], sizeof sum[m]);
}

/// All strips of a panel for `channels` filters that are `apart` numbers from each other.
[[gnu::always_inline]] inline void panel_sums(const float* weights, std::int64_t apart, std::int64_t channels,
                                              const Panel& panel, std::int64_t strips, float* sums) {
  for (std::int64_t s = 0; s < strips; ++s) {
    const float* values = panel.values.data() + s * kStrip * panel.taps;
    std::int64_t m = 0;
    for (; m + kChannels <= channels; m += kChannels)
      strip<kChannels>(weights + m * apart, apart, values, panel.taps, sums + m * kPanel + s * kStrip);
    for (; m < channels; ++m) strip<1>(weights + m * apart, apart, values, panel.taps, sums + m * kPanel + s * kStrip);
  }
}

[[gnu::always_inline]] inline float run(const float* a, const float* b, std::int64_t n) {
  Vector sum[2] = {};
  std::int64_t i = 0;
  for (; i + kStrip <= n; i += kStrip) {
    Vector x[2], y[2];
    std::memcpy(x, a + i, sizeof x);
    std::memcpy(y, b + i, sizeof y);
    sum[0] += x[0] * y[0];
    sum[1] += x[1] * y[1];
  }
  float all = 0;
  const Vector both = sum[0] + sum[1];
  for (std::int64_t k = 0; k < kLanes; ++k) all += both[k];
  for (; i < n; ++i) all += a[i] * b[i];
  return all;
}

using PanelSums = void (*)(const float*, std::int64_t, std::int64_t, const Panel&, std::int64_t, float*);
using Run = float (*)(const float*, const float*, std::int64_t);

void portable_panel(const float* w, std::int64_t apart, std::int64_t channels, const Panel& p, std::int64_t strips,
                    float* sums) {
  panel_sums(w, apart, channels, p, strips, sums);
}
float portable_run(const float* a, const float* b, std::int64_t n) { return run(a, b, n); }

#if defined(__x86_64__) && defined(__GNUC__)
// Without FMA, which would round once where others round twice.
[[gnu::target("avx2")]] void avx2_panel(const float* w, std::int64_t apart, std::int64_t channels, const Panel& p,
                                        std::int64_t strips, float* sums) {
  panel_sums(w, apart, channels, p, strips, sums);
}
[[gnu::target("avx2")]] float avx2_run(const float* a, const float* b, std::int64_t n) { return run(a, b, n); }
PanelSums best_panel(Instructions which) {
  return which == Instructions::Best && __builtin_cpu_supports("avx2") ? avx2_panel : portable_panel;
}
Run best_run(Instructions which) {
  return which == Instructions::Best && __builtin_cpu_supports("avx2") ? avx2_run : portable_run;
}
#else
PanelSums best_panel(Instructions) { return portable_panel; }
Run best_run(Instructions) { return portable_run; }
#endif

class Convolution {
 public:
  Convolution(const LayerNest& l, const RealTensor& input, const std::vector<float>& weight,
              const std::vector<float>& bias, PanelSums best)
      : l_{l}, in_{input}, weight_{weight}, bias_{bias}, best_{best} {}

  RealTensor run(unsigned jobs) {
    RealTensor out{Shape{l_.extent[N], l_.extent[G] * l_.extent[M], l_.extent[P], l_.extent[Q]}};
    const auto panels = ceil_div(positions(), kPanel), all = l_.extent[N] * l_.extent[G] * panels;
    const auto shares =
        std::clamp<std::int64_t>(4 * static_cast<std::int64_t>(jobs) / all, 1, ceil_div(l_.extent[M], 4 * kChannels));
    const auto each = ceil_div(ceil_div(l_.extent[M], shares), kChannels) * kChannels;
    in_threads(jobs, static_cast<std::size_t>(all * shares), [&](std::size_t task) {
      const auto t = static_cast<std::int64_t>(task);
      const auto first = t % shares * each;
      if (first >= l_.extent[M]) return;
      const auto plane = t / shares / panels;
      positions_of_panel(out, plane / l_.extent[G], plane % l_.extent[G], t / shares % panels * kPanel, first,
                         std::min(each, l_.extent[M] - first));
    });
    return out;
  }

 private:
  [[nodiscard]] std::int64_t positions() const { return l_.extent[P] * l_.extent[Q]; }
  [[nodiscard]] std::int64_t filter() const { return l_.extent[C] * l_.extent[R] * l_.extent[S]; }

  /// `channels` of a group from `first`, at the positions of a panel.
  void positions_of_panel(RealTensor& out, std::int64_t n, std::int64_t g, std::int64_t position, std::int64_t first,
                          std::int64_t channels) const {
    const auto held = std::min(kPanel, positions() - position), strips = ceil_div(held, kStrip);
    const auto channel = g * l_.extent[M] + first;
    std::vector<float> sums(static_cast<std::size_t>(channels * kPanel));
    for (std::int64_t m = 0; m < channels && !bias_.empty(); ++m)
      std::fill_n(sums.begin() + m * kPanel, kPanel, bias_[static_cast<std::size_t>(channel + m)]);
    Panel panel;
    for (std::int64_t tap = 0; tap < filter(); tap += kTaps) {
      panel.taps = std::min(kTaps, filter() - tap);
      fill(panel, n, g, position, held, tap);
      best_(weight_.data() + channel * filter() + tap, filter(), channels, panel, strips, sums.data());
    }
    for (std::int64_t m = 0; m < channels; ++m)
      std::copy_n(sums.begin() + m * kPanel, held,
                  out.data().begin() + static_cast<std::ptrdiff_t>(out.index(n, channel + m, 0, 0)) + position);
  }

  void fill(Panel& panel, std::int64_t n, std::int64_t g, std::int64_t position, std::int64_t held,
            std::int64_t first_tap) const {
    std::array<std::int64_t, kPanel> row{}, column{};
    for (std::int64_t i = 0; i < held; ++i) {
      row[static_cast<std::size_t>(i)] = (position + i) / l_.extent[Q] * l_.stride.rows - l_.padding.top;
      column[static_cast<std::size_t>(i)] = (position + i) % l_.extent[Q] * l_.stride.columns - l_.padding.left;
    }
    const Shape& x = in_.shape();
    const auto window = l_.extent[R] * l_.extent[S];
    for (std::int64_t k = 0; k < panel.taps; ++k) {
      const auto tap = first_tap + k;
      const auto r = tap % window / l_.extent[S] * l_.dilation.rows, s = tap % l_.extent[S] * l_.dilation.columns;
      const float* from = in_.data().data() + in_.index(n, g * l_.extent[C] + tap / window, 0, 0);
      for (std::int64_t i = 0; i < ceil_div(held, kStrip) * kStrip; ++i) {
        const auto h = row[static_cast<std::size_t>(i)] + r, w = column[static_cast<std::size_t>(i)] + s;
        const bool inside = i < held && h >= 0 && h < x.h && w >= 0 && w < x.w;
        panel.values[static_cast<std::size_t>((i / kStrip * panel.taps + k) * kStrip + i % kStrip)] =
            inside ? from[h * x.w + w] : 0.0F;
      }
    }
  }

  const LayerNest& l_;
  const RealTensor& in_;
  const std::vector<float>&weight_, &bias_;
  PanelSums best_;
};

bool covers_whole_input(const LayerNest& l, const Shape& in) {
  return l.extent[P] == 1 && l.extent[Q] == 1 && l.extent[G] == 1 && l.extent[R] == in.h && l.extent[S] == in.w &&
         l.padding == Padding{} && l.dilation == RowsColumns{};
}

RealTensor whole_runs(const LayerNest& l, const RealTensor& input, const std::vector<float>& weight,
                      const std::vector<float>& bias, unsigned jobs, Run best) {
  RealTensor out{Shape{l.extent[N], l.extent[M], 1, 1}};
  const auto filter = l.extent[C] * l.extent[R] * l.extent[S];
  constexpr std::int64_t kEach = 16;  // filters of a task
  in_threads(jobs, static_cast<std::size_t>(ceil_div(l.extent[M], kEach)), [&](std::size_t task) {
    const auto first = static_cast<std::int64_t>(task) * kEach;
    for (auto m = first; m < std::min(first + kEach, l.extent[M]); ++m)
      for (std::int64_t n = 0; n < l.extent[N]; ++n)
        out.at(n, m, 0, 0) = (bias.empty() ? 0.0F : bias[static_cast<std::size_t>(m)]) +
                             best(input.data().data() + n * filter, weight.data() + m * filter, filter);
  });
  return out;
}

}  // namespace

RealTensor real_sums(const LayerNest& l, const RealTensor& input, const std::vector<float>& weight,
                     const std::vector<float>& bias, unsigned jobs, Instructions which) {
  if (covers_whole_input(l, input.shape())) return whole_runs(l, input, weight, bias, jobs, best_run(which));
  return Convolution{l, input, weight, bias, best_panel(which)}.run(jobs);
}

}  // namespace eyrie::fast
