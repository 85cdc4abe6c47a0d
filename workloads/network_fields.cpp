#include <array>
#include <functional>

#include "workloads/network.hpp"

// The keys of a workload file, once, for reading, schema and writing.

namespace eyrie {

void describe(Fields& f, NetworkInput& i) {
  f.about("an input of the network; the batch is the experiment's");
  f.place(i.where);
  f.required("name", i.name, "how layers refer to it");
  f.required("channels", i.channels, "channels", Between(1, 1 << 20));
  f.required("rows", i.rows, "rows", Between(1, 1 << 20));
  f.required("columns", i.columns, "columns", Between(1, 1 << 20));
  f.optional("steps", i.steps, "time steps; the batch is then 1", Between(1, 1 << 16));
}

void describe(Fields& f, RowsColumns& p) {
  f.about("a value for rows and one for columns");
  f.required("rows", p.rows, "vertical", Between(1, 1 << 16));
  f.required("columns", p.columns, "horizontal", Between(1, 1 << 16));
}

void describe(Fields& f, NewShape& s) {
  f.about("coordinates of a tensor");
  f.required("channels", s.channels, "channels", Between(1, 1 << 24));
  f.required("rows", s.rows, "rows", Between(1, 1 << 20));
  f.required("columns", s.columns, "columns", Between(1, 1 << 20));
}

namespace {

struct Sides {
  Padding& value;
};
void describe(Fields& f, Sides& s) {
  f.about("rows and columns of padding on each side");
  f.optional("top", s.value.top, "rows above", Between(0, 1 << 16));
  f.optional("bottom", s.value.bottom, "rows below", Between(0, 1 << 16));
  f.optional("left", s.value.left, "columns before", Between(0, 1 << 16));
  f.optional("right", s.value.right, "columns behind", Between(0, 1 << 16));
}

void kernel(Fields& f, Layer& l) { f.required("kernel", l.kernel, "rows and columns of the window"); }
void stride(Fields& f, Layer& l) { f.optional("stride", l.stride, "steps of the window"); }
void dilation(Fields& f, Layer& l) { f.optional("dilation", l.dilation, "distance of filter taps"); }
void padding(Fields& f, Layer& l) {
  Sides sides{l.padding};
  f.optional("padding", sides, "zeros (for maxima: nothing) around the input");
}
void shifts(Fields& f, Layer& l) {
  f.optional("product_shift", l.product_shift, "bits cut off each product; calibrated if absent", Between(0, 31));
  f.optional("output_shift", l.output_shift, "bits cut off each psum; calibrated if absent", Between(0, 31));
}
void activation(Fields& f, Layer& l) { f.optional("activation", l.activation, "applied as words leave the chip"); }
void weighted(Fields& f, Layer& l) {
  f.required("out_channels", l.out_channels, "ofmap channels, all groups together", Between(1, 1 << 24));
  f.optional("bias", l.bias, "one a channel");
  activation(f, l);
  shifts(f, l);
  f.optional("input_zeros", l.input_zeros, "share of zeros wanted in the ifmap", Between(0, 1));
}
void conv_fields(Fields& f, Layer& l) {
  kernel(f, l);
  stride(f, l);
  padding(f, l);
  dilation(f, l);
  f.optional("groups", l.groups, "channel groups", Between(1, 1 << 24));
  weighted(f, l);
}
void pool_fields(Fields& f, Layer& l) {
  std::optional<RowsColumns> window;
  if (l.kernel.rows > 0) window = l.kernel;
  f.optional("kernel", window, "rows and columns of the window");
  l.kernel = window.value_or(RowsColumns{0, 0});
  stride(f, l);
  padding(f, l);
  f.optional("ceil_mode", l.ceil_mode, "round the output size up");
  f.optional("global", l.global, "the window is the whole ifmap; there is no kernel then");
}
void mean_fields(Fields& f, Layer& l) { f.required("axis", l.mean_axis, "what the mean is taken over"); }
void add_fields(Fields& f, Layer& l) {
  activation(f, l);
  f.optional("output_shift", l.output_shift, "bits cut off each sum; calibrated if absent", Between(0, 31));
}
void multiply_fields(Fields& f, Layer& l) {
  activation(f, l);
  shifts(f, l);
}
void concat_fields(Fields& f, Layer& l) {
  f.optional("axis", l.concat_axis, "what grows");
  activation(f, l);
}
void shuffle_fields(Fields& f, Layer& l) { f.required("groups", l.groups, "channel groups", Between(1, 1 << 24)); }
void reshape_fields(Fields& f, Layer& l) {
  f.required("shape", l.shape, "the new coordinates");
  f.optional("batch", l.batch, "images or time steps; as they are if absent", Between(1, 1 << 20));
}
void recurrent_fields(Fields& f, Layer& l) {
  f.required("units", l.units, "size of the state", Between(1, 1 << 20));
  f.optional("returns", l.returns, "what goes out");
  f.optional("bias", l.bias, "one a gate and unit");
  f.optional("product_shift", l.product_shift, "bits cut off each product with filters; calibrated if absent",
             Between(0, 31));
}
void lstm_fields(Fields& f, Layer& l) {
  recurrent_fields(f, l);
  f.optional("projection", l.projection, "size of what goes out and comes back, if not `units`", Between(1, 1 << 20));
  f.optional("peephole", l.peephole, "gates see the cell state");
}
void gru_fields(Fields& f, Layer& l) {
  recurrent_fields(f, l);
  f.optional("reset", l.reset, "where the reset gate acts");
}
void lrn_fields(Fields& f, Layer& l) {
  f.optional("size", l.lrn_size, "channels in the sum", Between(1, 1 << 16));
  f.optional("alpha", l.lrn_alpha, "weight of the sum of squares", AtLeast(0));
  f.optional("beta", l.lrn_beta, "exponent", AtLeast(0));
  f.optional("k", l.lrn_k, "added to the sum", Positive());
}
void no_fields(Fields&, Layer&) {}

using Describe = void (*)(Fields&, Layer&);
/// In the order of names<LayerType>.
constexpr std::array<Describe, std::size(names<LayerType>::table)> kFields{
    conv_fields,     weighted,      conv_fields,    pool_fields,    pool_fields, mean_fields, add_fields,
    multiply_fields, concat_fields, shuffle_fields, reshape_fields, no_fields,   lstm_fields, gru_fields,
    no_fields,       no_fields,     no_fields,      no_fields,      lrn_fields,  no_fields};

}  // namespace

void describe(Fields& f, Layer& l) {
  f.about("one layer");
  f.place(l.where);
  f.required("name", l.name, "its name, unique in the network");
  f.required("inputs", l.inputs, "the layers or network inputs that it reads");
  f.optional("place", l.place, "where it runs");
  std::vector<Fields::Alternative> alternatives;
  for (std::size_t i = 0; i < kFields.size(); ++i)
    alternatives.push_back({names<LayerType>::table[i].name, names<LayerType>::table[i].what,
                            [&l, fields = kFields[i]](Fields& g) { fields(g, l); }});
  auto chosen = static_cast<std::size_t>(l.type);
  f.choice("type", "what it computes", chosen, alternatives);
  l.type = names<LayerType>::table[chosen].value;
}

namespace {

/// A list that is written only where there is something in it.
template <class T, class... R>
void list(Fields& f, std::string_view key, std::vector<T>& all, std::string_view what, R... range) {
  std::optional<std::vector<T>> stated;
  if (!all.empty()) stated = std::move(all);
  f.optional(key, stated, what, range...);
  all = std::move(stated).value_or(std::vector<T>{});
}

}  // namespace

void describe(Fields& f, StatedModel& m) {
  f.about("where the parameters of a trained network are");
  f.place(m.where);
  f.required("parameters", m.parameters, "an .npz file, from the folder of this one");
  f.optional("arithmetic", m.arithmetic, "what its numbers are");
  f.optional("calibration", m.calibration,
             "samples to find ranges with when it is quantised: a file from that folder, or a name under configs/inputs");
}

void describe(Fields& f, StatedCode& s) {
  constexpr double kMost = 1 << 17;
  f.about("how the integers of a tensor stand for numbers: scale x (raw - zero_point)");
  f.place(s.where);
  f.required("tensor", s.tensor, "the layer or network input that it is of");
  f.required("scale", s.code.scale, "what a step of one counts", Positive());
  f.optional("zero_point", s.code.zero_point, "the raw number of 0", Between(-kMost, kMost));
  f.optional("least", s.code.least, "the smallest raw number", Between(-kMost, kMost));
  f.optional("most", s.code.most, "the largest raw number", Between(-kMost, kMost));
}

void describe(Fields& f, StatedPixels& s) {
  f.about("what pixels of 0 to 255 stand for: (pixel / divide - mean) / deviation");
  f.place(s.where);
  f.required("input", s.input, "the network input");
  f.optional("divide", s.pixels.divide, "what pixels are divided by", Positive());
  list(f, "mean", s.pixels.mean, "taken off: one for all channels, or one each");
  list(f, "deviation", s.pixels.deviation, "divided by then: one for all channels, or one each", Positive());
}

void describe(Fields& f, NetworkFile& n) {
  f.about("a network: inputs and layers");
  f.place(n.where);
  f.required("kind", n.kind, "`workload`");
  f.required("name", n.name, "its name");
  f.optional("title", n.title, "what it is, in a line");
  f.optional("source", n.source, "where its shapes come from");
  f.optional("provenance", n.provenance, "published, reconstructed, changed how");
  f.required("inputs", n.inputs, "what comes in");
  f.required("layers", n.layers, "in any order");
  f.optional("model", n.model, "parameters, of a trained network");
  list(f, "codes", n.codes, "of the tensors of a quantised network");
  list(f, "pixels", n.pixels, "what pixels of its inputs stand for");
  list(f, "labels", n.labels, "what the channels of its output are called");
  f.optional("compression", n.compression, "how it is made smaller");
}

}  // namespace eyrie
