#include "workloads/reference.hpp"

namespace eyrie::reference {

Tensor activate(const Tensor& input, const Arithmetic& a) {
  Tensor out = input;
  const Shape& s = input.shape();
  std::int64_t i = 0;
  for (auto& v : out.data()) v = finish(v, a, i++ / (s.h * s.w) % s.c);
  return out;
}

/// Calls `visit(n, c, h, w)` for every place of a shape.
template <class Visit>
static void each_place(const Shape& s, Visit visit) {
  for (std::int64_t n = 0; n < s.n; ++n)
    for (std::int64_t c = 0; c < s.c; ++c)
      for (std::int64_t h = 0; h < s.h; ++h)
        for (std::int64_t w = 0; w < s.w; ++w) visit(n, c, h, w);
}

PsumTensor local_psums(const Layer& l, const Tensor& input, const Tensor& weight, const std::vector<std::int32_t>& bias,
                       const Arithmetic& a) {
  const auto in = l.input.c / l.groups, out = l.out_channels / l.groups;
  PsumTensor all{l.output};
  each_place(l.output, [&](auto n, auto m, auto p, auto q) {
    const auto group = m / out;
    const auto filter = ((group * l.output.h + p) * l.output.w + q) * out + m % out;
    std::int64_t sum = bias.empty() ? 0 : bias[static_cast<std::size_t>(filter)];
    for (std::int64_t c = 0; c < in; ++c)
      for (std::int64_t r = 0; r < l.kernel.rows; ++r)
        for (std::int64_t s = 0; s < l.kernel.columns; ++s) {
          const auto h = p * l.stride.rows + r * l.dilation.rows - l.padding.top;
          const auto w = q * l.stride.columns + s * l.dilation.columns - l.padding.left;
          if (h >= 0 && h < l.input.h && w >= 0 && w < l.input.w)
            sum += product(input.at(n, group * in + c, h, w), weight.at(filter, c, r, s), a.product_shift);
        }
    all.at(n, m, p, q) = wrap(sum, a.widths.psum);
  });
  return all;
}

Tensor add(const std::vector<Tensor>& inputs, const Arithmetic& a) {
  Tensor out{inputs[0].shape()};
  for (std::size_t i = 0; i < out.data().size(); ++i) {
    std::int32_t sum = 0;
    for (std::size_t k = 0; k < inputs.size(); ++k) sum += term(inputs[k].data()[i], static_cast<std::int64_t>(k), a);
    if (a.exact) {
      const Shape& s = out.shape();
      out.data()[i] = a.exact->finish(sum, static_cast<std::int64_t>(i) / (s.h * s.w) % s.c);
      continue;
    }
    const auto whole = std::int64_t{sum} * (std::int64_t{1} << a.product_shift);
    const auto word = saturate(round_shift(whole, a.output_shift), a.widths.output);
    out.data()[i] = static_cast<std::int16_t>(activated(word, a.activation, a.widths.output));
  }
  return out;
}

Tensor multiply(const Tensor& x, const Tensor& y, const Arithmetic& a) {
  Tensor out{x.shape()};
  for (std::size_t i = 0; i < out.data().size(); ++i)
    out.data()[i] = finish(wrap(product(x.data()[i], y.data()[i], a.product_shift), a.widths.psum), a, 0);
  return out;
}

Tensor concat(ConcatAxis axis, const std::vector<Tensor>& inputs) {
  Shape all = inputs[0].shape();
  auto& extent = axis == ConcatAxis::Channels ? all.c : axis == ConcatAxis::Rows ? all.h : all.w;
  for (std::size_t i = 1; i < inputs.size(); ++i) {
    const Shape& s = inputs[i].shape();
    extent += axis == ConcatAxis::Channels ? s.c : axis == ConcatAxis::Rows ? s.h : s.w;
  }
  Tensor out{all};
  std::int64_t before = 0;
  for (const auto& in : inputs) {
    const bool c = axis == ConcatAxis::Channels, h = axis == ConcatAxis::Rows, w = axis == ConcatAxis::Columns;
    each_place(in.shape(), [&](auto n, auto k, auto row, auto column) {
      out.at(n, k + (c ? before : 0), row + (h ? before : 0), column + (w ? before : 0)) = in.at(n, k, row, column);
    });
    before += c ? in.shape().c : h ? in.shape().h : in.shape().w;
  }
  return out;
}

Tensor channel_shuffle(const Tensor& input, std::int64_t groups) {
  Tensor out{input.shape()};
  const auto each = input.shape().c / groups;
  each_place(input.shape(), [&](auto n, auto c, auto h, auto w) {
    out.at(n, c % each * groups + c / each, h, w) = input.at(n, c, h, w);
  });
  return out;
}

Tensor mean_of_steps(const Tensor& input, const Arithmetic& a) {
  const Shape& s = input.shape();
  Tensor out{Shape{1, s.c, s.h, s.w}};
  each_place(out.shape(), [&](auto, auto c, auto h, auto w) {
    std::int32_t sum = 0;
    for (std::int64_t n = 0; n < s.n; ++n) sum += input.at(n, c, h, w) >> a.product_shift;
    out.at(0, c, h, w) = finish_sum(sum, s.n, a, 0);
  });
  return out;
}

Tensor reshaped(const std::vector<Tensor>& inputs, Shape shape) {
  Tensor out{shape};
  auto at = out.data().begin();
  for (const auto& in : inputs) at = std::copy(in.data().begin(), in.data().end(), at);
  return out;
}

}  // namespace eyrie::reference
