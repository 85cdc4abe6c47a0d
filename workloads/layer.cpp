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

/// A group per output position, each with an ifmap of its own that is just its window.
static LayerNest locally_connected(const Layer& l) {
  LayerNest nest;
  nest.extent = {{l.groups * l.output.h * l.output.w, l.input.n, l.out_channels / l.groups, l.input.c / l.groups, 1, 1,
                  l.kernel.rows, l.kernel.columns}};
  return nest;
}

/// Every channel is a group of its own.
static LayerNest pool(const Layer& l) {
  LayerNest nest{.extent = {}, .stride = l.stride, .dilation = {}, .padding = l.padding};
  nest.reduction = l.type == LayerType::MaxPool ? Reduction::Maximum : Reduction::Sum;
  nest.extent = {{l.input.c, l.input.n, 1, 1, l.output.h, l.output.w, l.kernel.rows, l.kernel.columns}};
  // With the output size rounded up the last windows may reach behind the stated padding.
  nest.padding.bottom = std::max(nest.padding.bottom, nest.padded_rows() - l.input.h - nest.padding.top);
  nest.padding.right = std::max(nest.padding.right, nest.padded_columns() - l.input.w - nest.padding.left);
  return nest;
}

/// Steps lie as columns of one row, which arrays with few rows of PEs can take: a group per element of a step.
static LayerNest mean_of_steps(const Layer& l) {
  LayerNest nest;
  nest.reduction = Reduction::Sum;
  nest.extent[Dim::G] = l.output.elements();
  nest.extent[Dim::S] = l.input.n;
  return nest;
}

/// One value in, one out: the maximum over a window of one. What moves data or looks at each word alone is this.
static LayerNest copy(const Layer& l) {
  LayerNest nest;
  nest.reduction = Reduction::Maximum;
  nest.extent = {{l.output.c, l.output.n, 1, 1, l.output.h, l.output.w, 1, 1}};
  return nest;
}

/// The inputs are the channels of a group that are summed.
static LayerNest sum(const Layer& l) {
  LayerNest nest;
  nest.reduction = Reduction::Sum;
  nest.extent = {
      {l.output.c, l.output.n, 1, static_cast<std::int64_t>(l.sources.size()), l.output.h, l.output.w, 1, 1}};
  return nest;
}

/// Every element meets a 'weight' of its own, so every element is a group.
static LayerNest product(const Layer& l) {
  LayerNest nest;
  nest.extent[Dim::G] = l.output.elements();
  return nest;
}

std::optional<LayerNest> Layer::nest() const {
  switch (type) {
    case LayerType::Conv:
      return convolution(*this);
    case LayerType::FullyConnected:
      return fully_connected(*this);
    case LayerType::LocallyConnected:
      return locally_connected(*this);
    case LayerType::MaxPool:
    case LayerType::AveragePool:
      return pool(*this);
    case LayerType::ReduceMean:
      return mean_axis == MeanAxis::Steps ? mean_of_steps(*this) : pool(*this);
    case LayerType::Add:
      return sum(*this);
    case LayerType::Multiply:
      return product(*this);
    case LayerType::Concat:
    case LayerType::ChannelShuffle:
    case LayerType::Relu:
    case LayerType::Relu6:
    case LayerType::Sigmoid:
    case LayerType::Tanh:
      return copy(*this);
    case LayerType::Reshape:
    case LayerType::BatchNorm:
    case LayerType::Lstm:
    case LayerType::Gru:
    case LayerType::Lrn:
    case LayerType::Softmax:
      return std::nullopt;
  }
  return std::nullopt;
}

bool Layer::has_filters() const {
  return type == LayerType::Conv || type == LayerType::FullyConnected || type == LayerType::LocallyConnected;
}

bool Layer::many_inputs() const {
  return type == LayerType::Add || type == LayerType::Multiply || type == LayerType::Concat;
}

Activation Layer::word_activation() const {
  switch (type) {
    case LayerType::Relu:
      return Activation::Relu;
    case LayerType::Relu6:
      return Activation::Relu6;
    case LayerType::Sigmoid:
      return Activation::Sigmoid;
    case LayerType::Tanh:
      return Activation::Tanh;
    default:
      return activation;
  }
}

Macs Layer::macs() const { return has_filters() ? nest()->macs() : Macs{}; }

Shape Layer::weight_shape() const {
  switch (type) {
    case LayerType::Conv:
      return {out_channels, input.c / groups, kernel.rows, kernel.columns};
    case LayerType::FullyConnected:
      return {out_channels, input.c, input.h, input.w};
    case LayerType::LocallyConnected:
      return {out_channels * output.h * output.w, input.c / groups, kernel.rows, kernel.columns};
    default:
      return {0, 0, 0, 0};
  }
}

Words Layer::weight_words() const { return Words{weight_shape().elements()}; }

Words Layer::bias_words() const { return Words{has_filters() && bias ? weight_shape().n : 0}; }

}  // namespace eyrie
