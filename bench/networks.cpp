#include "bench/networks.hpp"

#include <algorithm>

#include "base/ensure.hpp"

namespace eyrie::bench {

namespace {

void add(std::vector<Nest>& all, Nest next) {
  const auto equal = [&](const Nest& n) {
    return n.nest == next.nest && n.biases == next.biases && n.reads_network_input == next.reads_network_input;
  };
  if (const auto it = std::ranges::find_if(all, equal); it != all.end())
    ++it->times;
  else
    all.push_back(std::move(next));
}

/// A convolution that keeps `rows` x `rows` at stride 1, with an odd filter.
LayerNest conv(std::int64_t in, std::int64_t out, std::int64_t rows_out, std::int64_t filter, std::int64_t stride) {
  const auto side = filter / 2;
  return {.extent = {{1, 1, out, in, rows_out, rows_out, filter, filter}},
          .stride = {stride, stride},
          .dilation = {},
          .padding = {side, side, side, side}};
}

}  // namespace

std::vector<Nest> nests_of(const Network& network) {
  std::vector<Nest> all;
  for (const Layer& l : network.layers()) {
    const auto nest = l.nest();
    if (!nest || l.place == PlaceOf::Host) continue;
    const bool first = std::ranges::any_of(
        network.inputs(), [&](const NetworkInput& i) { return std::ranges::count(l.inputs, i.name) > 0; });
    add(all, {.layer = l.name, .nest = *nest, .biases = nest->has_weights() && l.bias, .reads_network_input = first});
  }
  return all;
}

std::vector<Nest> resnet50() {
  std::vector<Nest> all;
  add(all, {.layer = "conv1", .nest = conv(3, 64, 112, 7, 2), .reads_network_input = true});
  std::int64_t in = 64, rows_in = 56;
  const std::array<int, 4> blocks{3, 4, 6, 3};
  for (int stage = 0; stage < 4; ++stage) {
    const std::int64_t width = std::int64_t{64} << stage, out = 4 * width, rows = 56 >> stage;
    for (int block = 0; block < blocks[static_cast<std::size_t>(stage)]; ++block) {
      const auto name = "res" + std::to_string(stage + 2) + static_cast<char>('a' + block);
      const auto stride = rows_in / rows;
      if (block == 0) add(all, {.layer = name + "_branch1", .nest = conv(in, out, rows, 1, stride)});
      add(all, {.layer = name + "_branch2a", .nest = conv(in, width, rows_in, 1, 1)});
      add(all, {.layer = name + "_branch2b", .nest = conv(width, width, rows, 3, stride)});
      add(all, {.layer = name + "_branch2c", .nest = conv(width, out, rows, 1, 1)});
      in = out;
      rows_in = rows;
    }
  }
  add(all, {.layer = "fc1000", .nest = conv(in, 1000, 1, 1, 1)});
  std::int64_t macs = 0;
  for (const auto& n : all) macs += n.times * n.nest.macs().count();
  ensure(macs == 4089184256, "ResNet-50 has its published number of MACs");
  return all;
}

}  // namespace eyrie::bench
