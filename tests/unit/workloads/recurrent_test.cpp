// Recurrent layers are made of ordinary ones. Here each cell is computed once more, straight from its equations.

#include <catch2/catch.hpp>

#include <cmath>

#include "tests/support/support.hpp"
#include "workloads/forward.hpp"
#include "workloads/gather.hpp"

using namespace eyrie;

namespace {

using Vector = std::vector<std::int64_t>;
constexpr int kOne = 10;                                       // fraction bits of a 16-bit word
const Widths kWidths{Bits{16}, Bits{16}, Bits{20}, Bits{16}};  // psums wide enough that sums need no shift

Network network(const std::string& layers, int steps = 4, std::int64_t batch = 1) {
  return Network::from_yaml(
      YamlDocument::from_text("kind: workload\nname: net\ninputs:\n- {name: data, channels: 5, rows: 1, columns: 1, "
                              "steps: " +
                                  std::to_string(steps) + "}\nlayers:\n" + layers,
                              "net.yaml"),
      batch);
}

/// Numbers of a network's layers by name.
class Net {
 public:
  explicit Net(const std::string& layers) : network{::network(layers)}, pass{network, kWidths, 7} {}
  [[nodiscard]] std::size_t at(const std::string& name) const {
    for (std::size_t i = 0; i < network.layers().size(); ++i)
      if (network.layers()[i].name == name) return i;
    FAIL("no layer " << name);
    return 0;
  }
  [[nodiscard]] LayerOperands operands(const std::string& name) const { return pass.operands(at(name)); }
  [[nodiscard]] const Tensor& output(const std::string& name) const { return pass.output(at(name)); }

  Network network;
  ForwardPass pass;
};

std::int64_t word(std::int64_t v) { return std::clamp<std::int64_t>(v, -32768, 32767); }
std::int64_t sigmoid(std::int64_t v) {
  return activated(static_cast<std::int32_t>(word(v)), Activation::Sigmoid, Bits{16});
}
std::int64_t tanh_of(std::int64_t v) {
  return activated(static_cast<std::int32_t>(word(v)), Activation::Tanh, Bits{16});
}
std::int64_t times(std::int64_t a, std::int64_t b) { return word((a * b) >> kOne); }

/// W v + b with a layer's filters and shifts: row m of W.
std::int64_t row_times(const LayerOperands& o, std::size_t m, const Vector& v) {
  std::int64_t sum = o.bias.empty() ? 0 : o.bias[m];
  for (std::size_t c = 0; c < v.size(); ++c)
    sum += (v[c] * o.weight.data()[m * v.size() + c]) >> o.arithmetic.product_shift;
  const std::int64_t half = o.arithmetic.output_shift > 0 ? std::int64_t{1} << (o.arithmetic.output_shift - 1) : 0;
  return word((sum + half) >> o.arithmetic.output_shift);
}
Vector step_of(const Tensor& t, std::int64_t n) {
  Vector v;
  for (std::int64_t c = 0; c < t.shape().c; ++c) v.push_back(t.at(n, c, 0, 0));
  return v;
}

/// The outputs of an LSTM, step by step.
std::vector<Vector> lstm(const Net& net, std::size_t units, bool peephole, std::size_t projection) {
  const auto x = net.operands("cell/x"), h_part = net.operands("cell/t00/h");
  std::vector<LayerOperands> see;
  if (peephole)
    for (const char* gate : {"i", "f", "o"}) see.push_back(net.operands(std::string("cell/t00/peephole_") + gate));
  Vector h(projection ? projection : units), c(units);
  std::vector<Vector> all;
  for (std::int64_t t = 0; t < 4; ++t) {
    const Vector in = step_of(x.input, t);
    Vector out(units), c_new(units);
    for (std::size_t u = 0; u < units; ++u) {
      const auto pre = [&](std::size_t gate, std::int64_t memory) {
        const auto m = gate * units + u;
        const auto seen =
            peephole && gate < 3
                ? row_times(
                      LayerOperands{
                          .input = {}, .weight = see[gate].weight, .bias = {}, .arithmetic = see[gate].arithmetic},
                      u, {memory})
                : 0;
        return row_times(x, m, in) + row_times(h_part, m, h) + seen;
      };
      const auto i = sigmoid(pre(0, c[u])), f = sigmoid(pre(1, c[u])), g = tanh_of(pre(3, 0));
      c_new[u] = word(times(f, c[u]) + times(i, g));
      out[u] = times(sigmoid(pre(2, c_new[u])), tanh_of(c_new[u]));
    }
    c = c_new;
    h = out;
    if (projection) {
      const auto p = net.operands("cell/t00/projection");
      for (h.clear(); h.size() < projection;) h.push_back(row_times(p, h.size(), out));
    }
    all.push_back(h);
  }
  return all;
}

std::vector<Vector> gru(const Net& net, std::size_t units, bool before) {
  const auto x = net.operands("cell/x"), h_part = net.operands("cell/t00/h");
  Vector h(units);
  std::vector<Vector> all;
  for (std::int64_t t = 0; t < 4; ++t) {
    const Vector in = step_of(x.input, t);
    Vector reset(units), scaled(units), next(units);
    for (std::size_t u = 0; u < units; ++u) {
      reset[u] = sigmoid(row_times(x, u, in) + row_times(h_part, u, h));
      scaled[u] = times(reset[u], h[u]);
    }
    for (std::size_t u = 0; u < units; ++u) {
      const auto z_pre = row_times(x, units + u, in) + row_times(h_part, units + u, h);
      const auto from_state = before ? row_times(net.operands("cell/t00/n_h"), u, scaled)
                                     : times(reset[u], row_times(h_part, 2 * units + u, h));
      const auto n = tanh_of(row_times(x, 2 * units + u, in) + from_state);
      next[u] = word(times(sigmoid(z_pre), h[u]) + times((1 << kOne) - sigmoid(z_pre), n));
    }
    all.push_back(h = next);
  }
  return all;
}

void check_sequence(const Net& net, const std::vector<Vector>& expected) {
  const Tensor& out = net.output("cell");
  REQUIRE(out.shape().n == 4);
  for (std::int64_t t = 0; t < 4; ++t) CHECK(step_of(out, t) == expected[static_cast<std::size_t>(t)]);
  bool moved = false;
  for (auto v : out.data()) moved = moved || v > 20;
  CHECK(moved);
}

}  // namespace

TEST_CASE("an LSTM is its equations, word for word", "[unit][workloads]") {
  check_sequence(Net{"- {name: cell, type: lstm, inputs: [data], units: 6, returns: sequence}\n"},
                 lstm(Net{"- {name: cell, type: lstm, inputs: [data], units: 6, returns: sequence}\n"}, 6, false, 0));
  const Net full{
      "- {name: cell, type: lstm, inputs: [data], units: 6, returns: sequence, peephole: true, projection: 4}\n"};
  check_sequence(full, lstm(full, 6, true, 4));
}

TEST_CASE("a GRU is its equations, word for word, wherever its reset gate acts", "[unit][workloads]") {
  const bool before = GENERATE(true, false);
  const Net net{"- {name: cell, type: gru, inputs: [data], units: 5, returns: sequence, reset: " +
                std::string(before ? "before" : "after") + "}\n"};
  check_sequence(net, gru(net, 5, before));
}

TEST_CASE("a cell counts what its steps do, and its filters once", "[unit][workloads]") {
  // T (4 M (I + P) + M P + 3 M), 4 M (I + P) + M P + 3 M
  const auto lstm = network("- {name: cell, type: lstm, inputs: [data], units: 6, peephole: true, projection: 3}\n", 7);
  CHECK(lstm.macs() == Macs{7 * (4 * 6 * (5 + 3) + 6 * 3 + 3 * 6)});
  CHECK(lstm.weight_words() == Words{4 * 6 * (5 + 3) + 6 * 3 + 3 * 6});
  CHECK(lstm.layer("cell").output == Shape{1, 3, 1, 1});
  for (const char* reset : {"before", "after"}) {
    const auto gru = network(
        "- {name: cell, type: gru, inputs: [data], units: 6, returns: sequence, reset: " + std::string(reset) + "}\n",
        7);
    CHECK(gru.macs() == Macs{7 * 3 * 6 * (5 + 6)});
    CHECK(gru.weight_words() == Words{3 * 6 * (5 + 6)});
    CHECK(gru.layer("cell").output == Shape{7, 6, 1, 1});
  }
}

TEST_CASE("layers of a cell say what they are part of", "[unit][workloads]") {
  const auto n = network("- {name: cell, type: lstm, inputs: [data], units: 6, place: host}\n", 11);
  const Layer& h = n.layer("cell/t03/h");
  CHECK(h.part_of == "cell");
  CHECK(h.step == 3);
  CHECK(h.place == PlaceOf::Host);
  CHECK(h.weights_name() == "cell/h");
  CHECK_FALSE(n.layer("cell/x").step);
  CHECK(n.layer("cell/x").nest()->extent[Dim::N] == 11);
  CHECK(n.layer("cell").place == PlaceOf::Folded);
  CHECK(n.layer("cell").inputs == std::vector<std::string>{"cell/t10/out"});
  CHECK(n.layer("cell/t03/ifo").uses_table());
}

TEST_CASE("every step of a cell has the same shifts", "[unit][workloads]") {
  const Net net{"- {name: cell, type: lstm, inputs: [data], units: 6, peephole: true, projection: 4}\n"};
  for (const char* what : {"h", "peephole_i", "peephole_o", "projection", "keep", "c"}) {
    CAPTURE(what);
    CHECK(net.operands(std::string("cell/t00/") + what).arithmetic ==
          net.operands(std::string("cell/t03/") + what).arithmetic);
    CHECK(net.operands(std::string("cell/t00/") + what).weight.data().empty() == (std::string(what) == "c"));
  }
}

TEST_CASE("time steps and a batch exclude each other", "[unit][workloads]") {
  CHECK(test::errors_of([] { network("- {name: cell, type: gru, inputs: [data], units: 2}\n", 4, 3); }) ==
        "net.yaml:4:3: error: data has 4 time steps, and the batch is 3; run recurrent networks with batch 1");
  CHECK(test::errors_of([] { network("- {name: cell, type: gru, inputs: [data], units: 2}\n", 1, 3); }) ==
        "net.yaml:6:3: error: cell would take the 3 inputs of the batch for time steps; run recurrent networks with "
        "batch 1");
}
