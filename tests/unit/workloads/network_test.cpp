// What a network file may say, and what is said when it may not.

#include <catch2/catch.hpp>

#include "tests/support/support.hpp"
#include "workloads/network.hpp"

using namespace eyrie;

namespace {

const std::string kHead = "kind: workload\nname: net\ninputs:\n- {name: data, channels: 4, rows: 9, columns: 7}\n";

Network network(const std::string& layers, const std::string& head = kHead) {
  return Network::from_yaml(YamlDocument::from_text(head + "layers:\n" + layers, "net.yaml"), 1);
}
std::string wrong(const std::string& layers, const std::string& head = kHead) {
  return test::errors_of([&] { network(layers, head); });
}

}  // namespace

TEST_CASE("all that is wrong with a network is said at once", "[unit][workloads]") {
  CHECK(wrong("- {name: a, type: relu, inputs: [dat]}\n"
              "- {name: a, type: relu, inputs: [data]}\n"
              "- {name: b, type: relu, inputs: [data, a]}\n") ==
        "net.yaml:6:3: error: a reads dat, which is neither a layer nor an input; did you mean data?\n"
        "net.yaml:7:3: error: the name a is taken; give each layer its own name\n"
        "net.yaml:8:3: error: b has 2 inputs; a relu layer reads exactly one");
  CHECK(wrong("- {name: a, type: conv, inputs: [data], out_channels: 4, kernel: {rows: 10, columns: 8}}\n"
              "- {name: b, type: max_pool, inputs: [data], kernel: {rows: 10, columns: 1}}\n") ==
        "net.yaml:6:3: error: the window of a spans 10 rows, and its padded input has 9; make the kernel smaller or "
        "the padding larger\n"
        "net.yaml:6:3: error: the window of a spans 8 columns, and its padded input has 7; make the kernel smaller or "
        "the padding larger\n"
        "net.yaml:7:3: error: the window of b spans 10 rows, and its padded input has 9; make the kernel smaller or "
        "the padding larger");
}

TEST_CASE("a layer may not take the name of an input, nor an input that of another", "[unit][workloads]") {
  CHECK(wrong("- {name: data, type: relu, inputs: [data]}\n") ==
        "net.yaml:6:3: error: the name data is taken; give each layer its own name");
  CHECK(wrong("- {name: a, type: relu, inputs: [data]}\n",
              kHead + "- {name: data, channels: 1, rows: 1, columns: 1}\n") ==
        "net.yaml:5:3: error: two inputs are called data; give each its own name");
}

TEST_CASE("padding that holds whole windows is refused for pools", "[unit][workloads]") {
  CHECK(wrong("- {name: a, type: max_pool, inputs: [data], kernel: {rows: 2, columns: 2}, padding: {top: 2}}\n") ==
        "net.yaml:6:3: error: the padding of a holds whole windows; pad less than the kernel");
}

TEST_CASE("a circle further down the network is named by its path", "[unit][workloads]") {
  CHECK(wrong("- {name: a, type: relu, inputs: [data]}\n- {name: b, type: relu, inputs: [d]}\n"
              "- {name: c, type: relu, inputs: [b]}\n- {name: d, type: relu, inputs: [c]}\n") ==
        "net.yaml:7:3: error: layers read each other in a circle: b -> c -> d -> b; a network has no cycles");
}

TEST_CASE("layers that could come next come in the order of the file", "[unit][workloads]") {
  const auto n = network(
      "- {name: y, type: relu, inputs: [x]}\n- {name: x, type: relu, inputs: [data]}\n"
      "- {name: w, type: relu, inputs: [data]}\n- {name: z, type: relu, inputs: [x]}\n");
  std::string order;
  for (const auto& l : n.layers()) order += l.name;
  CHECK(order == "xywz");
}

TEST_CASE("shapes follow stride, dilation and padding of each side", "[unit][workloads]") {
  const auto n = network(
      "- {name: a, type: conv, inputs: [data], out_channels: 6, kernel: {rows: 3, columns: 2}, stride: {rows: 2, "
      "columns: 3}, dilation: {rows: 2, columns: 1}, padding: {top: 1, bottom: 2, left: 0, right: 1}, groups: 2}\n"
      "- {name: b, type: fully_connected, inputs: [a], out_channels: 10}\n");
  const Layer& a = n.layer("a");
  CHECK(a.output == Shape{1, 6, 4, 3});  // (12 - 5) / 2 + 1 rows, (8 - 2) / 3 + 1 columns
  CHECK(a.nest()->extent == Extents{{2, 1, 3, 2, 4, 3, 3, 2}});
  CHECK(a.macs() == Macs{6 * 2 * 4 * 3 * 3 * 2});
  CHECK(a.weight_words() == Words{6 * 2 * 3 * 2});
  CHECK(n.layer("b").output == Shape{1, 10, 1, 1});
  CHECK(n.macs() == Macs{864 + 720});
  CHECK(n.weight_words() == Words{72 + 720});
}

TEST_CASE("a rounded-up pool never starts a window behind the input", "[unit][workloads]") {
  // 9 rows, padded by 1: 3 x 3 windows at stride 4 start at -1, 3, 7; at stride 5 at -1, 4, and 9 would be outside
  const auto rows = [](int stride) {
    const auto s = std::to_string(stride);
    return network("- {name: a, type: max_pool, inputs: [data], kernel: {rows: 3, columns: 3}, stride: {rows: " + s +
                   ", columns: 1}, padding: {top: 1, bottom: 1}, ceil_mode: true}\n")
        .layer("a")
        .output.h;
  };
  CHECK(rows(4) == 3);
  CHECK(rows(5) == 2);
}

TEST_CASE("a layer that isn't there is answered with the nearest name", "[unit][workloads]") {
  const auto n = network("- {name: conv1, type: relu, inputs: [data]}\n");
  CHECK(test::errors_of([&] {
          static_cast<void>(n.layer("conv", {"map.yaml", 3, 5}));
        }) == "map.yaml:3:5: error: net has no layer conv; did you mean conv1?");
}
