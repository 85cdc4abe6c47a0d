#include "workloads/gather.hpp"

#include "base/ensure.hpp"
#include "workloads/reference.hpp"

namespace eyrie {

Tensor seen(const Tensor& whole, const InputView& view) {
  if (view == InputView{}) return whole;
  const Shape s = view.of(whole.shape());
  Tensor part{s};
  const auto plane = s.h * s.w;
  auto to = part.data().begin();
  for (std::int64_t n = 0; n < s.n; ++n) {
    const auto from =
        whole.data().begin() + static_cast<std::ptrdiff_t>(whole.index(view.first_n + n, view.first_c, 0, 0));
    to = std::copy(from, from + static_cast<std::ptrdiff_t>(s.c * plane), to);
  }
  return part;
}

static Tensor interleaved(const std::vector<Tensor>& inputs) {
  const Shape& s = inputs[0].shape();
  const auto count = static_cast<std::int64_t>(inputs.size());
  Tensor all{Shape{s.n, s.c * count, s.h, s.w}};
  for (std::int64_t i = 0; i < count; ++i)
    for (std::int64_t n = 0; n < s.n; ++n)
      for (std::int64_t c = 0; c < s.c; ++c) {
        const auto& in = inputs[static_cast<std::size_t>(i)];
        const auto from = in.data().begin() + static_cast<std::ptrdiff_t>(in.index(n, c, 0, 0));
        std::copy(from, from + static_cast<std::ptrdiff_t>(s.h * s.w),
                  all.data().begin() + static_cast<std::ptrdiff_t>(all.index(n, c * count + i, 0, 0)));
      }
  return all;
}

/// The window of output (p, q) of group g, one behind the other.
static Tensor unfolded(const Layer& l, const Tensor& in) {
  const auto channels = l.input.c / l.groups, positions = l.output.h * l.output.w;
  Tensor all{Shape{l.input.n, l.groups * positions * channels, l.kernel.rows, l.kernel.columns}};
  for (std::int64_t n = 0; n < l.input.n; ++n)
    for (std::int64_t g = 0; g < l.groups; ++g)
      for (std::int64_t position = 0; position < positions; ++position)
        for (std::int64_t c = 0; c < channels; ++c)
          for (std::int64_t r = 0; r < l.kernel.rows; ++r)
            for (std::int64_t s = 0; s < l.kernel.columns; ++s) {
              const auto h = position / l.output.w * l.stride.rows + r * l.dilation.rows - l.padding.top;
              const auto w = position % l.output.w * l.stride.columns + s * l.dilation.columns - l.padding.left;
              if (h < 0 || h >= l.input.h || w < 0 || w >= l.input.w) continue;
              all.at(n, (g * positions + position) * channels + c, r, s) = in.at(n, g * channels + c, h, w);
            }
  return all;
}

static Tensor steps_as_columns(const Tensor& in) {
  const auto each = in.shape().elements() / in.shape().n;
  Tensor all{Shape{1, each, 1, in.shape().n}};
  for (std::int64_t n = 0; n < in.shape().n; ++n)
    for (std::int64_t i = 0; i < each; ++i) all.at(0, i, 0, n) = in.data()[static_cast<std::size_t>(n * each + i)];
  return all;
}

Tensor gathered_input(const Layer& l, const std::vector<Tensor>& inputs) {
  switch (l.type) {
    case LayerType::Add:
      return interleaved(inputs);
    case LayerType::Multiply:
      return reference::reshaped({inputs[0]}, {1, l.output.elements(), 1, 1});
    case LayerType::Concat:
      return reference::concat(l.concat_axis, inputs);
    case LayerType::ChannelShuffle:
      return reference::channel_shuffle(inputs[0], l.groups);
    case LayerType::LocallyConnected:
      return unfolded(l, inputs[0]);
    case LayerType::ReduceMean:
      return l.mean_axis == MeanAxis::Steps ? steps_as_columns(inputs[0]) : inputs[0];
    default:
      return inputs[0];
  }
}

Tensor gathered_weight(const Layer& l, const std::vector<Tensor>& inputs, const Widths& widths) {
  ensure(l.type == LayerType::Multiply, "only a product takes its weights from the network");
  Tensor weight = reference::reshaped({inputs[1]}, {l.output.elements(), 1, 1, 1});
  const auto cut = std::max<std::int64_t>(0, widths.output.count() - widths.weight.count());
  for (auto& v : weight.data()) v = static_cast<std::int16_t>(v >> cut);
  return weight;
}

Tensor output_of(const Layer& l, const Tensor& ofmap) {
  if (l.type != LayerType::LocallyConnected) return reference::reshaped({ofmap}, l.output);
  Tensor out{l.output};
  const auto each = l.out_channels / l.groups;
  for (std::int64_t n = 0; n < l.output.n; ++n)
    for (std::int64_t m = 0; m < l.output.c; ++m)
      for (std::int64_t p = 0; p < l.output.h; ++p)
        for (std::int64_t q = 0; q < l.output.w; ++q)
          out.at(n, m, p, q) = ofmap.at(n, ((m / each * l.output.h + p) * l.output.w + q) * each + m % each, 0, 0);
  return out;
}

}  // namespace eyrie
