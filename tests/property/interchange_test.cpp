#include <catch2/catch.hpp>
#include <map>

#include "dataflows/mapping_file.hpp"
#include "interchange/timeloop_mapping.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;
using enum Dim;
using enum Operand;

namespace {

std::string nest(const Mapping& m) { return mapping_yaml(m, "l", "a", "w"); }

/// Eyeriss v1 with its spads in the order that the random nests keep them.
Architecture machine() {
  auto a = test::eyeriss();
  std::rotate(a.array.spads.begin(), a.array.spads.begin() + 1, a.array.spads.end());  // filter, psum, ifmap
  return a;
}

LayerNest random_layer(Random& random) {
  LayerNest l;
  for (Dim d : kAllDims) l.extent[d] = random.between(1, 24);
  if (random.chance(0.7)) l.extent[G] = 1;
  l.stride = {random.between(1, 4), random.between(1, 4)};
  l.dilation = {random.between(1, 3), random.between(1, 3)};
  return l;
}

/// A step inside of `extent`: any for a first cut, a divisor later, as Timeloop's remainder is the last round's alone.
std::int64_t random_step(Random& random, std::int64_t extent, bool first) {
  for (;;)
    if (const auto step = random.between(1, extent); first || extent % step == 0) return step;
}

class RandomNest {
 public:
  RandomNest(const LayerNest& l, Random& random) : left_{l.extent}, random_{random} {
    m_.nest = {keep("dram", {Input, Weight, Output})};
    temporal_loops(kAllDims, false);
    m_.nest.push_back(keep("glb", {Input, Weight, Output}));
    temporal_loops(kAllDims, false);
    std::vector<Dim> x, y;
    for (Dim d : kAllDims)
      if (random.chance(0.5)) (random.chance(0.5) ? x : y).push_back(d);
    for (Dim d : y) loop(d, Axis::Y, false);
    for (Dim d : x) loop(d, Axis::X, false);
    m_.nest.push_back(keep("filter_spad", {Weight}));
    temporal_loops(std::vector{G, N, M, P, Q}, false);
    m_.nest.push_back(keep("psum_spad", {Output}));
    temporal_loops(kAllDims, false);
    m_.nest.push_back(keep("ifmap_spad", {Input}));
    temporal_loops(kAllDims, true);
  }
  [[nodiscard]] const Mapping& mapping() const { return m_; }

 private:
  template <class Dims>
  void temporal_loops(const Dims& dims, bool all) {
    std::vector<Dim> order{dims.begin(), dims.end()};
    for (std::size_t i = order.size(); i > 1; --i)
      std::swap(order[i - 1], order[static_cast<std::size_t>(random_.between(0, static_cast<std::int64_t>(i) - 1))]);
    for (Dim d : order)
      if (all || random_.chance(0.5)) loop(d, std::nullopt, all);
  }
  void loop(Dim d, std::optional<Axis> axis, bool to_one) {
    const auto step = to_one ? 1 : random_step(random_, left_[d], !cut_[d]);
    if (step == left_[d]) return;
    m_.nest.push_back(axis ? spatial(d, step, *axis) : temporal(d, step));
    left_[d] = step;
    cut_[d] = true;
  }

  Extents left_;
  Random& random_;
  std::map<Dim, bool> cut_;
  Mapping m_;
};

}  // namespace

TEST_CASE("any nest that Timeloop has words for reads back as it was written", "[property][interchange]") {
  const auto seed = GENERATE(range(0, 200));
  CAPTURE(seed);
  Random random{static_cast<std::uint64_t>(seed), "timeloop"};
  const auto layer = random_layer(random);
  const auto a = machine();
  const auto m = RandomNest{layer, random}.mapping();
  CAPTURE(pretty(m, layer));
  const TimeloopContext c{.axes = random.chance(0.5) ? TimeloopAxes::PIsColumns : TimeloopAxes::PIsRows};
  const auto text = timeloop_mapping_text(m, layer, a, c);
  CAPTURE(text);
  const auto again = read_timeloop_mapping(YamlDocument::from_text(text, "m.yaml"), layer, a, c);
  CHECK(nest(again.mapping) == nest(m));
  CHECK(again.notes.empty());
}

TEST_CASE("any layer reads back from the problem that was written of it", "[property][interchange]") {
  const auto seed = GENERATE(range(0, 100));
  CAPTURE(seed);
  Random random{static_cast<std::uint64_t>(seed), "timeloop problem"};
  const auto layer = random_layer(random);
  CHECK(read_timeloop_problem(YamlDocument::from_text(timeloop_problem_text(layer, "l"), "p.yaml")).nest == layer);
}

TEST_CASE("a spoilt Timeloop file is refused or read, and nothing else", "[property][interchange][bad_input]") {
  const auto docs = test::read_file(test::source("docs/timeloop.md"));
  std::vector<std::string> texts;
  for (std::size_t at = docs.find("```yaml\n"); at != std::string::npos; at = docs.find("```yaml\n", at + 8))
    texts.push_back(docs.substr(at + 8, docs.find("```\n", at + 8) - at - 8));
  REQUIRE(texts.size() == 3);
  const auto layer = read_timeloop_problem(YamlDocument::from_text(texts[0], "p.yaml")).nest;
  const auto machine = read_timeloop_architecture(YamlDocument::from_text(texts[1], "a.yaml"));
  Random random{7, "spoil"};
  int refused = 0;
  for (int i = 0; i < 3000; ++i) {
    const auto which = static_cast<std::size_t>(random.between(0, 2));
    auto text = texts[which];
    for (auto n = random.between(1, 3); n > 0; --n) {
      static const std::string marks = "0123456789-,:[]{}!\"' =ACMNPQRSZx\n";
      const auto at = static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(text.size()) - 1));
      const auto mark = marks[static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(marks.size()) - 1))];
      if (random.chance(0.3))
        text.erase(at, static_cast<std::size_t>(random.between(1, 12)));
      else if (random.chance(0.5))
        text[at] = mark;
      else
        text.insert(at, 1, mark);
    }
    CAPTURE(text);
    try {
      const auto document = YamlDocument::from_text(text, "f.yaml");
      if (which == 0) read_timeloop_problem(document);
      if (which == 1) read_timeloop_architecture(document);
      if (which == 2) read_timeloop_mapping(document, layer, machine.architecture, {.fanouts = machine.fanouts});
    } catch (const InputError& e) {
      ++refused;
      CHECK(!e.diagnostics().empty());
      for (const auto& d : e.diagnostics()) CHECK(d.place.file == "f.yaml");
    }
  }
  CHECK(refused > 1000);
}
