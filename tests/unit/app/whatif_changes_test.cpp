// Changes that are made from a machine.

#include <catch2/catch.hpp>
#include <set>

#include "app/experiment.hpp"
#include "app/study/whatif_changes.hpp"
#include "app/study/whatif_file.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

Catalogue catalogue() { return Catalogue{EYRIE_BINARY}; }

const MachineChange& named(const std::vector<MachineChange>& all, const std::string& name) {
  const auto it = std::ranges::find(all, name, &MachineChange::name);
  REQUIRE(it != all.end());
  return *it;
}

ChangesFile changes(const std::string& text) { return read_changes(YamlDocument::from_text(text, "c.yaml")); }

}  // namespace

TEST_CASE("every change of every machine that ships is legal, or its reader says why not", "[unit][app]") {
  const auto all = catalogue();
  const auto machines = all.list(Shelf::Architectures);
  REQUIRE(machines.size() >= 8);
  for (const auto& name : machines) {
    const auto before = prepare_machine(name, {}, all);
    std::set<std::string> names;
    std::size_t legal = 0, made = 0;
    for (const auto& c : changes_of(before.architecture)) {
      CAPTURE(name, c.name);
      CHECK(names.insert(c.name).second);
      REQUIRE_FALSE(c.set.empty());
      if (!c.impossible.empty()) continue;
      ++made;
      const auto wrong = test::errors_of([&] { (void)prepare_machine(name, c.set, all); });
      if (!wrong.empty()) {
        CHECK_THAT(wrong, Catch::Contains("the network moves") || Catch::Contains("skips zeros") ||
                              Catch::Contains("has no price for"));  // never a path or a unit that is not there
        continue;
      }
      ++legal;
      CHECK(is_on_chip(c.set.front()) != parts_of(c.set.front(), before.architecture).empty());
    }
    CAPTURE(name, legal, made);
    CHECK(legal * 10 >= made * 6);
    for (const char* one : {"rows x 2", "columns / 2", "dram.bandwidth x 2", "core.frequency / 2", "mac.zero_gating"})
      CHECK(std::ranges::any_of(names, [&](const auto& n) { return n.starts_with(one); }));
  }
}

TEST_CASE("banks go with their buffer, and FIFOs with a network that outgrows them", "[unit][app]") {
  const auto eyeriss = changes_of(test::eyeriss());
  CHECK(named(eyeriss, "glb.capacity x 2").set ==
        std::vector<std::string>{"architecture.buffers.glb.capacity=216 KiB",
                                 "architecture.buffers.glb.partitions.fmap.banks=50",
                                 "architecture.buffers.glb.partitions.filter.banks=4"});
  // 25 banks of feature maps have no half: banks get smaller.
  CHECK(named(eyeriss, "glb.capacity / 2").set ==
        std::vector<std::string>{"architecture.buffers.glb.capacity=54 KiB", "architecture.buffers.glb.bank=2 KiB"});
  CHECK(named(eyeriss, "ifmap_gin.width / 2").impossible == "width of 1 words/cycle has no half");
  CHECK(named(eyeriss, "filter_gin.width x 2").set ==
        std::vector<std::string>{"architecture.networks.filter_gin.width=8 words/cycle"});
  CHECK(named(eyeriss, "mac.pipeline / 2").set == std::vector<std::string>{"architecture.array.mac.pipeline=2 cycles"});
  CHECK(named(eyeriss, "mac.zero_gating off").set ==
        std::vector<std::string>{"architecture.array.mac.zero_gating=false"});
  CHECK(named(eyeriss, "link.frequency x 2").title == "clock, and DRAM's link with it 60 MHz -> 120 MHz");
  CHECK(named(eyeriss, "rlc off").set == std::vector<std::string>{"architecture.dram.compression.tensors=[]"});

  const auto all = catalogue();
  const auto tpu = changes_of(prepare_machine("tpu_like_16x16", {}, all).architecture);
  CHECK(named(tpu, "unified_buffer.capacity / 2").set ==
        std::vector<std::string>{"architecture.buffers.unified_buffer.capacity=32 KiB",
                                 "architecture.buffers.unified_buffer.partitions.inputs.banks=32"});
  CHECK(named(tpu, "input_edge.width x 2").set ==
        std::vector<std::string>{"architecture.networks.input_edge.width=32 words/cycle",
                                 "architecture.networks.input_edge.fifo=32 words"});
  CHECK(named(tpu, "unified_buffer.inputs.double_buffered off").set.size() == 1);
  CHECK(
      named(tpu, "rlc on").set.front() ==
      "architecture.dram.compression={tensors: [input, output], run: 5 b, pairs: 4, word: 64 b, rate: 16 words/cycle}");
}

TEST_CASE("DRAM and clocks take no area; the coder, buffers and PEs do", "[unit][app]") {
  const auto a = test::eyeriss();
  CHECK_FALSE(is_on_chip("architecture.dram.bandwidth=16 B/cycle"));
  CHECK_FALSE(is_on_chip("architecture.clocks.core.frequency=1 GHz"));
  CHECK_FALSE(is_on_chip("workload.layers.conv1.input_zeros=0.5"));
  CHECK(is_on_chip("architecture.dram.compression.tensors=[]"));
  CHECK(parts_of("architecture.buffers.glb.capacity=1 KiB", a) == std::vector<std::string>{"glb"});
  CHECK(parts_of("architecture.dram.compression.tensors=[]", a) == std::vector<std::string>{"rlc"});
  CHECK(parts_of("architecture.networks.psum_gin.fifo=4 words", a) == std::vector<std::string>{"psum_gin"});
  CHECK(parts_of("architecture.array.rows=6", a).size() == 5 + 3 + 2);
}

TEST_CASE("a file's changes come to those of the machine, or take their place", "[unit][app]") {
  const auto all = catalogue();
  const std::string one = "- {name: rows x 2, set: [architecture.array.rows=18]}\n";
  const std::string other =
      "- {name: own, title: mine, set: [architecture.array.columns=7, architecture.array.rows=6]}\n";
  const auto ours = changes_of(test::eyeriss());
  const auto added = with_stated(ours, changes("kind: changes\nchanges:\n" + one + other), "eyeriss_v1", {}, all);
  CHECK(added.size() == ours.size() + 1);
  CHECK(named(added, "rows x 2").set == std::vector<std::string>{"architecture.array.rows=18"});
  CHECK(named(added, "own").title == "mine");
  const auto alone =
      with_stated(ours, changes("kind: changes\nreplace: true\nchanges:\n" + other), "eyeriss_v1", {}, all);
  CHECK(alone.size() == 1);
}

TEST_CASE("what is wrong in a file of changes is told at its place", "[unit][app][bad_input]") {
  using Catch::Contains;
  const auto wrong = [](const std::string& rest) {
    return test::errors_of([&] { (void)changes("kind: changes\nchanges:\n" + rest); });
  };
  CHECK_THAT(
      wrong("- {name: a, set: [architectur.array.rows=6]}\n"),
      Contains("c.yaml:3:3: error: a: architectur.array.rows names no key of a document; did you mean architecture"));
  CHECK_THAT(wrong("- {name: a, set: [architecture.array.rows]}\n"), Contains("c.yaml:3:3: error: a: "));
  CHECK_THAT(wrong("- {name: a, set: []}\n"), Contains("c.yaml:3:3: error: a changes nothing"));
  CHECK_THAT(wrong("- {name: a, sett: []}\n"), Contains("did you mean set"));
  CHECK_THAT(wrong("- {name: a, set: [architecture.array.rows=6]}\n- {name: a, set: [architecture.array.rows=7]}\n"),
             Contains("c.yaml:4:3: error: a stands twice"));
  CHECK_THAT(test::errors_of([] { (void)changes("kind: change\nchanges: []\n"); }),
             Contains("kind is change, and changes were wanted") && Contains("there is no change"));
  const auto file = changes("kind: changes\nchanges:\n- {name: a, set: [architecture.buffers.glbb.capacity=1 KiB]}\n");
  CHECK_THAT(test::errors_of([&] { (void)with_stated({}, file, "eyeriss_v1", {}, catalogue()); }),
             Contains("c.yaml:3:3: error: a: ") && Contains("did you mean glb"));
}
