#include "tests/support/real_nets.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "base/random.hpp"

namespace eyrie::test {

NetworkFile network_file(const std::string& inputs, const std::string& layers) {
  return read_yaml<NetworkFile>(
      YamlDocument::from_text("kind: workload\nname: net\ninputs:\n" + inputs + "layers:\n" + layers, "net.yaml"));
}

NetworkFile net_of_all_kinds() {
  return network_file(
      "- {name: data, channels: 4, rows: 9, columns: 8}\n",
      "- {name: c1, type: conv, inputs: [data], out_channels: 8, kernel: {rows: 3, columns: 3}, padding: {top: 1, "
      "bottom: 1, left: 1, right: 1}, activation: relu}\n"
      "- {name: dw, type: conv, inputs: [c1], out_channels: 8, groups: 8, kernel: {rows: 3, columns: 2}, padding: "
      "{top: "
      "2, bottom: 2, right: 2}, dilation: {rows: 2, columns: 2}, bias: false}\n"
      "- {name: bn, type: batch_norm, inputs: [dw]}\n"
      "- {name: r6, type: relu6, inputs: [bn]}\n"
      "- {name: sum, type: add, inputs: [c1, bn, r6], activation: tanh}\n"
      "- {name: prod, type: multiply, inputs: [sum, c1], activation: sigmoid}\n"
      "- {name: cat, type: concat, inputs: [prod, data, c1]}\n"
      "- {name: rowcat, type: concat, inputs: [bn, c1], axis: rows, activation: relu}\n"
      "- {name: shuffle, type: channel_shuffle, inputs: [cat], groups: 5}\n"
      "- {name: lrn, type: lrn, inputs: [shuffle], alpha: 0.5}\n"
      "- {name: maxp, type: max_pool, inputs: [lrn], kernel: {rows: 3, columns: 3}, stride: {rows: 2, columns: 2}, "
      "ceil_mode: true}\n"
      "- {name: avgp, type: average_pool, inputs: [lrn], kernel: {rows: 3, columns: 3}, stride: {rows: 2, columns: 3}, "
      "padding: {top: 1, left: 1, right: 1}}\n"
      "- {name: strided, type: conv, inputs: [maxp], out_channels: 6, groups: 2, kernel: {rows: 2, columns: 3}, "
      "stride: "
      "{rows: 2, columns: 1}, padding: {left: 1, right: 1}}\n"
      "- {name: local, type: locally_connected, inputs: [strided], out_channels: 4, groups: 2, kernel: {rows: 2, "
      "columns: 3}, padding: {top: 1, left: 1}, activation: relu}\n"
      "- {name: th, type: tanh, inputs: [local]}\n- {name: sig, type: sigmoid, inputs: [avgp]}\n"
      "- {name: rows, type: reduce_mean, inputs: [rowcat], axis: rows}\n"
      "- {name: gap, type: average_pool, inputs: [sig], global: true}\n"
      "- {name: flat, type: reshape, inputs: [th], shape: {channels: 24, rows: 1, columns: 1}}\n"
      "- {name: fc, type: fully_connected, inputs: [flat], out_channels: 10}\n"
      "- {name: prob, type: softmax, inputs: [fc]}\n");
}

NetworkFile net_of_cells() {
  return network_file(
      "- {name: data, channels: 5, rows: 1, columns: 1, steps: 4}\n",
      "- {name: a, type: lstm, inputs: [data], units: 6, returns: sequence, projection: 4, peephole: true}\n"
      "- {name: b, type: gru, inputs: [a], units: 5, returns: sequence}\n"
      "- {name: c, type: gru, inputs: [b], units: 5, returns: sequence, reset: after}\n"
      "- {name: d, type: lstm, inputs: [c], units: 4, returns: sequence}\n"
      "- {name: m, type: reduce_mean, inputs: [d], axis: steps}\n"
      "- {name: fc, type: fully_connected, inputs: [m], out_channels: 3}\n");
}

NetworkFile random_net(std::uint64_t seed) {
  Random r{seed, "random net"};
  const auto n = [&](std::int64_t a, std::int64_t b) { return r.between(a, b); };
  const auto rows = n(7, 11), columns = n(7, 19), channels = 2 * n(1, 3);
  const auto conv = [&](const char* name, const char* in, std::int64_t out, std::int64_t groups) {
    const auto k = n(1, 3), s = n(1, 3), dilation = k == 1 ? 1 : n(1, 2);
    const auto pad = [&](std::int64_t window) { return (window - 1) * dilation; };
    return fmt::format(
        "- {{name: {}, type: conv, inputs: [{}], out_channels: {}, groups: {}, kernel: {{rows: {}, columns: {}}}, "
        "dilation: {{rows: {}, columns: {}}}, padding: {{top: {}, bottom: {}, left: {}, right: {}}}, activation: "
        "{}}}\n",
        name, in, out, groups, k, s, dilation, dilation, pad(k) / 2, pad(k) - pad(k) / 2, pad(s) / 2,
        pad(s) - pad(s) / 2, r.chance(0.7) ? "relu" : "none");
  };
  return network_file(
      fmt::format("- {{name: data, channels: {}, rows: {}, columns: {}}}\n", channels, rows, columns),
      conv("c1", "data", 6, 1) + conv("c2", "c1", 6, 2) + "- {name: sum, type: add, inputs: [c1, c2]}\n" +
          conv("c3", "sum", n(3, 20), 1) + "- {name: cat, type: concat, inputs: [c3, sum]}\n" +
          "- {name: pool, type: max_pool, inputs: [cat], kernel: {rows: 2, columns: 3}, stride: {rows: 2, columns: "
          "2}}\n" +
          conv("c4", "pool", 9, 1) + "- {name: mean, type: average_pool, inputs: [c4], global: true}\n" +
          "- {name: fc, type: fully_connected, inputs: [mean], out_channels: 10}\n");
}

RealInputs normal_inputs(const Network& network, std::uint64_t seed) {
  RealInputs all;
  for (const auto& in : network.inputs()) {
    if (in.zeros) continue;
    RealTensor t{in.shape(network.batch())};
    Random r{seed, "real input/" + in.name};
    for (auto& v : t.data())
      v = static_cast<float>(std::sqrt(-2 * std::log(1 - r.unit())) * std::cos(2 * std::numbers::pi * r.unit()));
    all[in.name] = std::move(t);
  }
  return all;
}

}  // namespace eyrie::test
