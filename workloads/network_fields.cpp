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
}

namespace {

/// A value for rows and one for columns as a map, so that neither can be mistaken for the other.
struct Pair {
  RowsColumns& value;
};
void describe(Fields& f, Pair& p) {
  f.about("a value for rows and one for columns");
  f.required("rows", p.value.rows, "vertical", Between(1, 1 << 16));
  f.required("columns", p.value.columns, "horizontal", Between(1, 1 << 16));
}

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

void kernel(Fields& f, Layer& l) {
  Pair pair{l.kernel};
  f.required("kernel", pair, "rows and columns of the window");
}
void stride(Fields& f, Layer& l) {
  Pair pair{l.stride};
  f.optional("stride", pair, "steps of the window");
}
void dilation(Fields& f, Layer& l) {
  Pair pair{l.dilation};
  f.optional("dilation", pair, "distance of filter taps");
}
void padding(Fields& f, Layer& l) {
  Sides sides{l.padding};
  f.optional("padding", sides, "zeros (for maxima: nothing) around the input");
}
void weighted(Fields& f, Layer& l) {
  f.required("out_channels", l.out_channels, "ofmap channels, all groups together", Between(1, 1 << 24));
  f.optional("bias", l.bias, "one a channel");
  f.optional("activation", l.activation, "applied as words leave the chip");
  f.optional("product_shift", l.product_shift, "bits cut off each product; calibrated if absent", Between(0, 31));
  f.optional("output_shift", l.output_shift, "bits cut off each psum; calibrated if absent", Between(0, 31));
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
  kernel(f, l);
  stride(f, l);
  padding(f, l);
  f.optional("ceil_mode", l.ceil_mode, "round the output size up");
}
void lrn_fields(Fields& f, Layer& l) {
  f.optional("size", l.lrn_size, "channels in the sum", Between(1, 1 << 16));
  f.optional("alpha", l.lrn_alpha, "weight of the sum of squares", AtLeast(0));
  f.optional("beta", l.lrn_beta, "exponent", AtLeast(0));
  f.optional("k", l.lrn_k, "added to the sum", Positive());
}

}  // namespace

void describe(Fields& f, Layer& l) {
  f.about("one layer");
  f.place(l.where);
  f.required("name", l.name, "its name, unique in the network");
  f.required("inputs", l.inputs, "the layer or network input that it reads");
  f.optional("place", l.place, "where it runs");
  const std::array<std::function<void(Fields&)>, 7> fields{[&l](Fields& g) { conv_fields(g, l); },
                                                           [&l](Fields& g) { weighted(g, l); },
                                                           [&l](Fields& g) { pool_fields(g, l); },
                                                           [&l](Fields& g) { pool_fields(g, l); },
                                                           [](Fields&) {},
                                                           [&l](Fields& g) { lrn_fields(g, l); },
                                                           [](Fields&) {}};
  std::vector<Fields::Alternative> alternatives;
  for (std::size_t i = 0; i < fields.size(); ++i)
    alternatives.push_back({names<LayerType>::table[i].name, names<LayerType>::table[i].what, fields[i]});
  auto chosen = static_cast<std::size_t>(l.type);
  f.choice("type", "what it computes", chosen, alternatives);
  l.type = names<LayerType>::table[chosen].value;
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
}

}  // namespace eyrie
