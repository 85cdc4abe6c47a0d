#include "workloads/shapes.hpp"

#include <fmt/format.h>

namespace eyrie {

std::string to_text(const Shape& s) { return fmt::format("{} x {} x {} x {}", s.n, s.c, s.h, s.w); }

namespace {

class Inference {
 public:
  Inference(Layer& layer, Diagnostics& wrong) : l{layer}, wrong_{wrong} {}

  void run() {
    l.input = l.sources[0];
    l.output = l.input;
    by_type();
    limit();
  }

 private:
  void error(std::string problem, std::string remedy) { wrong_.error(l.where, std::move(problem), std::move(remedy)); }

  void by_type() {
    switch (l.type) {
      case LayerType::Conv:
      case LayerType::LocallyConnected:
        return conv();
      case LayerType::FullyConnected:
        l.output = {l.input.n, l.out_channels, 1, 1};
        return;
      case LayerType::MaxPool:
      case LayerType::AveragePool:
        return pool();
      case LayerType::ReduceMean:
        return mean();
      case LayerType::Add:
      case LayerType::Multiply:
        return equal_shapes();
      case LayerType::Concat:
        return concat();
      case LayerType::ChannelShuffle:
        return shuffle();
      case LayerType::Reshape:
        return reshape();
      case LayerType::Lstm:
      case LayerType::Gru:
        return recurrent();
      case LayerType::BatchNorm:
      case LayerType::Relu:
      case LayerType::Relu6:
      case LayerType::Sigmoid:
      case LayerType::Tanh:
      case LayerType::Lrn:
      case LayerType::Softmax:
        return;
    }
  }

  void conv() {
    l.output.c = l.out_channels;
    if (l.input.c % l.groups != 0 || l.out_channels % l.groups != 0)
      error(fmt::format("{} groups do not divide {} input and {} output channels of {}", l.groups, l.input.c,
                        l.out_channels, l.name),
            "choose a number that divides both");
    l.output.h =
        extent(l.input.h, l.padding.top + l.padding.bottom, l.kernel.rows, l.dilation.rows, l.stride.rows, "rows");
    l.output.w = extent(l.input.w, l.padding.left + l.padding.right, l.kernel.columns, l.dilation.columns,
                        l.stride.columns, "columns");
  }

  void pool() {
    const bool stated = l.kernel.rows > 0;
    if (l.global && (stated || l.padding != Padding{})) {
      error(fmt::format("{} is global, and it has {}", l.name, stated ? "a kernel" : "padding"),
            "leave one of the two out");
    } else if (!l.global && !stated) {
      error(fmt::format("{} has no kernel", l.name), "give it one, or write `global: true`");
    }
    if (l.global || !stated) {
      l.padding = {};
      l.kernel = {l.input.h, l.input.w};
    }
    if (l.padding.top >= l.kernel.rows || l.padding.bottom >= l.kernel.rows || l.padding.left >= l.kernel.columns ||
        l.padding.right >= l.kernel.columns)
      error(fmt::format("the padding of {} holds whole windows", l.name), "pad less than the kernel");
    l.output.h = extent(l.input.h, l.padding.top + l.padding.bottom, l.kernel.rows, 1, l.stride.rows, "rows");
    l.output.w = extent(l.input.w, l.padding.left + l.padding.right, l.kernel.columns, 1, l.stride.columns, "columns");
    if (!l.ceil_mode) return;
    l.output.h = rounded_up(l.output.h, l.input.h, l.padding.top, l.padding.bottom, l.kernel.rows, l.stride.rows);
    l.output.w = rounded_up(l.output.w, l.input.w, l.padding.left, l.padding.right, l.kernel.columns, l.stride.columns);
  }

  void mean() {
    const bool rows = l.mean_axis == MeanAxis::Rows || l.mean_axis == MeanAxis::Both;
    const bool columns = l.mean_axis == MeanAxis::Columns || l.mean_axis == MeanAxis::Both;
    l.kernel = {rows ? l.input.h : 1, columns ? l.input.w : 1};
    l.output = {l.mean_axis == MeanAxis::Steps ? 1 : l.input.n, l.input.c, rows ? 1 : l.input.h,
                columns ? 1 : l.input.w};
  }

  void equal_shapes() {
    for (std::size_t i = 1; i < l.sources.size(); ++i)
      if (l.sources[i] != l.sources[0])
        error(fmt::format("{} reads {} of {} and {} of {}", l.name, l.inputs[0], to_text(l.sources[0]), l.inputs[i],
                          to_text(l.sources[i])),
              fmt::format("the inputs of {} must have equal shapes", name_of(l.type)));
  }

  void concat() {
    const auto along = [this](Shape& s) -> std::int64_t& {
      return l.concat_axis == ConcatAxis::Channels ? s.c : l.concat_axis == ConcatAxis::Rows ? s.h : s.w;
    };
    for (std::size_t i = 1; i < l.sources.size(); ++i) {
      Shape first = l.sources[0], other = l.sources[i];
      along(l.output) += along(other);
      along(first) = along(other) = 1;
      if (other != first)
        error(fmt::format("{} reads {} of {} and {} of {}", l.name, l.inputs[0], to_text(l.sources[0]), l.inputs[i],
                          to_text(l.sources[i])),
              fmt::format("inputs joined along {0} may differ in {0} alone", name_of(l.concat_axis)));
    }
    l.input = l.output;
  }

  void shuffle() {
    if (l.input.c % l.groups != 0) {
      error(fmt::format("{} groups do not divide the {} channels of {}", l.groups, l.input.c, l.name),
            "choose a number that divides them");
      l.groups = 1;
    }
  }

  void reshape() {
    l.output = {l.batch.value_or(l.input.n), l.shape.channels, l.shape.rows, l.shape.columns};
    if (l.output.elements() != l.input.elements())
      error(fmt::format("{} makes {} elements ({}) of {} ({})", l.name, l.output.elements(), to_text(l.output),
                        l.input.elements(), to_text(l.input)),
            "a reshape keeps every element");
  }

  /// A cell; once it is lowered, its inputs are its steps' outputs.
  void recurrent() {
    if (l.part_of.empty()) {
      l.output = {l.returns == Returns::Last ? 1 : l.input.n, l.projection.value_or(l.units), 1, 1};
      return;
    }
    l.output = l.sources[0];
    l.output.n = static_cast<std::int64_t>(l.sources.size());
  }

  /// Tensors of more than 2^31 elements are beyond any machine that this could describe.
  void limit() {
    constexpr double most = 2147483648.0;
    const auto size = [](const Shape& s) {
      return static_cast<double>(s.n) * static_cast<double>(s.c) * static_cast<double>(s.h) * static_cast<double>(s.w);
    };
    if (size(l.output) <= most && size(l.weight_shape()) <= most) return;
    error(fmt::format("a tensor of {} has more than 2^31 elements", l.name), "make the layer or the batch smaller");
    l.output = Shape{1, 1, 1, 1};
  }

  std::int64_t extent(std::int64_t input, std::int64_t pads, std::int64_t kernel, std::int64_t dilation,
                      std::int64_t stride, const char* what) {
    const auto room = input + pads - ((kernel - 1) * dilation + 1);
    if (room >= 0) return room / stride + 1;
    error(fmt::format("the window of {} spans {} {}, and its padded input has {}", l.name, (kernel - 1) * dilation + 1,
                      what, input + pads),
          "make the kernel smaller or the padding larger");
    return 1;
  }

  /// One window more if some input is left over, unless it would start in the padding behind the input.
  static std::int64_t rounded_up(std::int64_t whole, std::int64_t input, std::int64_t before, std::int64_t behind,
                                 std::int64_t kernel, std::int64_t stride) {
    const bool left_over = (input + before + behind - kernel) % stride != 0;
    return left_over && whole * stride < input + before ? whole + 1 : whole;
  }

  Layer& l;
  Diagnostics& wrong_;
};

}  // namespace

void infer_shapes(Layer& layer, Diagnostics& wrong) { Inference{layer, wrong}.run(); }

}  // namespace eyrie
