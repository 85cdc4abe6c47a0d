#include "workloads/calibration.hpp"

#include <algorithm>
#include <cmath>

#include "workloads/reference.hpp"

namespace eyrie {

std::int64_t largest(Bits width) { return (std::int64_t{1} << (width.count() - 1)) - 1; }

static double rms(const Tensor& t) {
  double squares = 0;
  for (auto v : t.data()) squares += static_cast<double>(v) * v;
  return std::sqrt(squares / std::max<double>(1, static_cast<double>(t.data().size())));
}

static int shift_for(double expected, double wanted) {
  return std::clamp(static_cast<int>(std::lround(std::log2(std::max(1e-9, expected / wanted)))), 0, 31);
}

Arithmetic uncalibrated(const Layer& l, const Widths& widths) {
  Arithmetic a{.widths = widths, .activation = l.word_activation()};
  const auto nest = l.nest();
  if (nest && nest->reduction == Reduction::Sum) a.product_shift = reference::sum_shift(*nest, widths);
  a.mean = l.type != LayerType::Add;
  return a;
}

void calibrate_filters(Arithmetic& a, const Layer& l, const Tensor& input) {
  const auto nest = *l.nest();
  const double one = std::exp2(fraction_bits(a.widths.output));
  const double in = l.assumed.input ? *l.assumed.input * one : rms(input);
  const double out = l.assumed.output ? *l.assumed.output * one
                     : l.uses_table() ? one
                                      : std::exp2(static_cast<double>(a.widths.output.count() - 4));
  const double taps = static_cast<double>(nest.extent[Dim::C] * nest.extent[Dim::R] * nest.extent[Dim::S]);
  const double spread = in * static_cast<double>(largest(a.widths.weight)) / std::sqrt(3.0) * std::sqrt(taps);
  a.product_shift = l.product_shift ? static_cast<int>(*l.product_shift)
                                    : shift_for(spread, std::exp2(static_cast<double>(a.widths.psum.count() - 4)));
  a.output_shift =
      l.output_shift ? static_cast<int>(*l.output_shift) : shift_for(spread / std::exp2(a.product_shift), out);
}

void calibrate_add(Arithmetic& a, const Layer& l, const std::vector<Tensor>& inputs) {
  if (l.output_shift) {
    a.output_shift = static_cast<int>(*l.output_shift);
    return;
  }
  double squares = 0, most = 0;
  for (const auto& t : inputs) most = std::max(most, rms(t));
  const auto size = inputs[0].data().size();
  for (std::size_t i = 0; i < size; ++i) {
    double sum = 0;
    for (const auto& t : inputs) sum += t.data()[i];
    squares += sum * sum;
  }
  a.output_shift = shift_for(std::sqrt(squares / std::max<double>(1, static_cast<double>(size))), most);
}

static std::int64_t largest_magnitude(const Tensor& t) {
  std::int64_t most = 0;
  for (std::int64_t v : t.data()) most = std::max(most, v < 0 ? -v : v);
  return most;
}

void calibrate_multiply(Arithmetic& a, const Layer& l, const Tensor& x, const Tensor& y) {
  const auto cut = std::max<std::int64_t>(0, a.widths.output.count() - a.widths.weight.count());
  a.product_shift = std::max(0, fraction_bits(a.widths.output) - static_cast<int>(cut));
  const auto most = largest_magnitude(x) * largest_magnitude(y);
  while (a.product_shift < 31 && (most >> a.product_shift) > largest(a.widths.psum)) ++a.product_shift;
  if (l.product_shift) a.product_shift = static_cast<int>(*l.product_shift);
  if (l.output_shift) a.output_shift = static_cast<int>(*l.output_shift);
}

}  // namespace eyrie
