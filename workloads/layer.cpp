#include "workloads/layer.hpp"

namespace eyrie {

static LayerNest fully_connected(const Layer& l) {
  LayerNest nest;
  nest.extent[Dim::N] = l.input.n;
  nest.extent[Dim::M] = l.out_channels;
  nest.extent[Dim::C] = l.input.c;
  nest.extent[Dim::R] = l.input.h;
  nest.extent[Dim::S] = l.input.w;
  return nest;
}

static LayerNest convolution(const Layer& l) {
  LayerNest nest{.extent = {}, .stride = l.stride, .dilation = l.dilation, .padding = l.padding};
  nest.extent = {{l.groups, l.input.n, l.out_channels / l.groups, l.input.c / l.groups, l.output.h, l.output.w,
                  l.kernel.rows, l.kernel.columns}};
  return nest;
}

/// Every channel is a group of its own. A ReLU is the maximum over a window of one.
static LayerNest pool(const Layer& l) {
  LayerNest nest{.extent = {}, .stride = l.stride, .dilation = {}, .padding = l.padding};
  nest.reduction = l.type == LayerType::AveragePool ? Reduction::Sum : Reduction::Maximum;
  nest.extent = {{l.input.c, l.input.n, 1, 1, l.output.h, l.output.w, l.kernel.rows, l.kernel.columns}};
  // With the output size rounded up the last windows may reach behind the stated padding.
  nest.padding.bottom = std::max(nest.padding.bottom, nest.padded_rows() - l.input.h - nest.padding.top);
  nest.padding.right = std::max(nest.padding.right, nest.padded_columns() - l.input.w - nest.padding.left);
  return nest;
}

std::optional<LayerNest> Layer::nest() const {
  switch (type) {
    case LayerType::Conv:
      return convolution(*this);
    case LayerType::FullyConnected:
      return fully_connected(*this);
    case LayerType::MaxPool:
    case LayerType::AveragePool:
    case LayerType::Relu:
      return pool(*this);
    case LayerType::Lrn:
    case LayerType::Softmax:
      return std::nullopt;
  }
  return std::nullopt;
}

Macs Layer::macs() const {
  const bool multiplies = type == LayerType::Conv || type == LayerType::FullyConnected;
  return multiplies ? nest()->macs() : Macs{};
}

Words Layer::weight_words() const {
  if (type == LayerType::Conv) return Words{out_channels * (input.c / groups) * kernel.rows * kernel.columns};
  if (type == LayerType::FullyConnected) return Words{out_channels * input.c * input.h * input.w};
  return Words{};
}

Words Layer::bias_words() const {
  const bool weighted = type == LayerType::Conv || type == LayerType::FullyConnected;
  return weighted && bias ? Words{out_channels} : Words{};
}

}  // namespace eyrie
