#include <catch2/catch.hpp>

#include "dataflows/action_counts.hpp"
#include "dataflows/legality.hpp"
#include "dataflows/mapping_file.hpp"
#include "dataflows/row_stationary.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;
using enum Dim;

namespace {

LayerNest conv(std::int64_t g, std::int64_t n, std::int64_t m, std::int64_t c, std::int64_t p, std::int64_t r,
               std::int64_t stride = 1) {
  LayerNest l;
  l.extent = {{g, n, m, c, p, p, r, r}};
  l.stride = {stride, stride};
  return l;
}

std::string broken(const Mapping& m, const LayerNest& l, const Architecture& a) {
  Diagnostics wrong;
  legality(m, l, a, {"nest", 0, 0}, wrong);
  std::string all;
  for (const auto& d : wrong.all()) all += to_string(d) + "\n";
  return all;
}

}  // namespace

TEST_CASE("the printed mappings of AlexNet use the PEs and passes of the chip", "[unit][dataflows]") {
  const auto a = test::eyeriss();
  struct Row {
    LayerNest layer;
    RowStationary k;
    std::int64_t passes;
  };
  // passes: JSSC 2017, Table III, by groups * ceil(N/n) * ceil(E/e) * ceil(C/(qr)) * ceil(M/(pt))
  const std::vector<Row> rows{{conv(1, 4, 96, 3, 55, 11, 4), {96, 1, 7, 16, 1, 1, 2}, 288},
                              {conv(2, 4, 128, 48, 27, 5), {64, 1, 27, 16, 2, 1, 1}, 1536},
                              {conv(1, 4, 384, 256, 13, 3), {64, 4, 13, 16, 4, 1, 4}, 384},
                              {conv(2, 4, 192, 192, 13, 3), {64, 4, 13, 16, 3, 2, 2}, 384},
                              {conv(2, 4, 128, 192, 13, 3), {64, 4, 13, 16, 3, 2, 2}, 256}};
  for (const auto& [layer, k, passes] : rows) {
    const auto m = row_stationary(k, layer, a);
    CHECK(broken(m, layer, a) == "");
    std::int64_t count = 1;
    for (std::size_t i = 0; i < m.pass_position(); ++i) count *= m.trips(layer.extent, i);
    CHECK(count == passes);
  }
}

TEST_CASE("the buffer holds the printed kilobytes of CONV1 and CONV4", "[unit][dataflows]") {
  const auto a = test::eyeriss();
  const auto words = [&](const RowStationary& k, const LayerNest& l, Operand t) {
    const auto m = row_stationary(k, l, a);
    return kept_words(m, l, m.position("glb", t), t).count();
  };
  const auto conv1 = conv(1, 4, 96, 3, 55, 11, 4);
  // 15.5 and 72.2 KiB, 10.5 and 84.5 KiB: JSSC 2017, Table III
  CHECK(words({96, 1, 7, 16, 1, 1, 2}, conv1, Operand::Input) == 35 * 227);
  CHECK(words({96, 1, 7, 16, 1, 1, 2}, conv1, Operand::Output) == 96 * 7 * 55);
  const auto conv4 = conv(2, 4, 192, 192, 13, 3);
  CHECK(words({64, 4, 13, 16, 3, 2, 2}, conv4, Operand::Input) == 4 * 6 * 15 * 15);
  CHECK(words({64, 4, 13, 16, 3, 2, 2}, conv4, Operand::Output) == 4 * 64 * 13 * 13);
  const auto m = row_stationary({64, 4, 13, 16, 3, 2, 2}, conv4, a);
  CHECK(banks_taken(m, conv4, a, Operand::Output) + banks_taken(m, conv4, a, Operand::Input) == 25);
}

TEST_CASE("a broken rule says which, where and by how much", "[unit][dataflows]") {
  const auto a = test::eyeriss();
  const auto l = conv(1, 1, 32, 8, 13, 3);
  const auto good = row_stationary({32, 1, 13, 16, 4, 1, 2}, l, a);
  REQUIRE(broken(good, l, a) == "");

  CHECK(broken(row_stationary({32, 1, 13, 32, 2, 1, 1}, l, a), l, a) ==
        "nest: error: 32 words of output do not fit psum_spad of 24 words; make the tile inside it smaller\n");
  CHECK(broken(row_stationary({32, 1, 13, 8, 8, 1, 1}, l, a), l, a) ==
        "nest: error: 24 words of input do not fit ifmap_spad of 12 words; make the tile inside it smaller\n");
  CHECK(broken(row_stationary({32, 1, 13, 4, 1, 5, 1}, l, a), l, a) ==
        "nest: error: the mapping needs 15 rows of PEs, and eyeriss_v1 has 12; take larger steps along y\n");

  auto no_dram = good;
  no_dram.nest.erase(no_dram.nest.begin());
  CHECK(broken(no_dram, l, a) ==
        "nest: error: the nest does not begin with dram; begin with `keep: dram, tensors: [input, weight, output]`\n");

  auto left_over = good;
  std::erase_if(left_over.nest, [](const NestEntry& e) { return e.temporal == S; });
  CHECK(broken(left_over, l, a).find("3 of 3 are left of S inside all loops; add a loop over S with step 1") !=
        std::string::npos);

  auto sideways = good;
  for (auto& e : sideways.nest)
    if (e.spatial == R) e.axis = Axis::X;
  CHECK(broken(sideways, l, a).find("R is spread along x, and psums travel upwards only; spread it along y") !=
        std::string::npos);

  auto twice = good;
  twice.nest.insert(twice.nest.begin() + 1, keep("glb", {Operand::Output}));
  CHECK(broken(twice, l, a).find("output is kept in glb 2 times; keep it there exactly once") != std::string::npos);

  auto unknown = good;
  unknown.nest.insert(unknown.nest.begin() + 1, keep("gbl", {Operand::Input}));
  CHECK(broken(unknown, l, a).find("eyeriss_v1 has no memory called gbl; did you mean glb?") != std::string::npos);

  const auto wide = conv(1, 4, 64, 8, 55, 3);
  CHECK(broken(row_stationary({64, 4, 14, 16, 4, 1, 1}, wide, a), wide, a)
            .find("partition fmap has 25; make the tiles smaller") != std::string::npos);
}

TEST_CASE("a mapping written as text reads back to the same nest", "[unit][dataflows]") {
  const auto a = test::eyeriss();
  const auto l = conv(2, 4, 128, 48, 27, 5);
  const auto m = row_stationary({64, 1, 27, 16, 2, 1, 1}, l, a);
  const auto text = mapping_yaml(m, "conv2", "eyeriss_v1", "alexnet");
  const auto file = read_mapping_file(YamlDocument::from_text(text, "m.yaml"));
  REQUIRE(file.layers.size() == 1);
  CHECK(mapping_yaml(mapping_of(file.layers[0], l, a), "conv2", "eyeriss_v1", "alexnet") == text);
}

TEST_CASE("action counts keep one row a component, tensor and action", "[unit][dataflows]") {
  ActionCounts a, b;
  a.add("glb", Operand::Input, Action::Read, Words{3}, Bytes{6});
  a.add("dram", Operand::Input, Action::Read, Words{1}, Bytes{2});
  a.add("glb", Operand::Input, Action::Read, Words{4}, Bytes{8});
  a.add("glb", Operand::Input, Action::Write, Words{0}, Bytes{0});
  CHECK(a.rows().size() == 2);
  CHECK(a.rows()[0].component == "dram");
  CHECK(a.words("glb", Operand::Input, Action::Read) == Words{7});
  CHECK(a.bytes("glb", Operand::Weight, Action::Read) == Bytes{0});
  b.add("glb", Operand::Input, Action::Read, Words{1}, Bytes{2});
  b += a;
  CHECK(b.words("glb", Operand::Input, Action::Read) == Words{8});
}
