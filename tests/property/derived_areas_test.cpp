// Areas that follow from parts: more of anything never takes less room, on any machine and in any node.

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>

#include "energy/area.hpp"
#include "energy/technology.hpp"
#include "tests/support/random_cases.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

Technology technology(const std::string& name) {
  const OpenNamed open = [](const std::string& n, const std::string&) {
    return YamlDocument::from_file(test::source("configs/technologies/" + n + ".yaml"));
  };
  return read_technology(open(name, ""), open);
}

AreaReport areas_of(const Technology& t, const Architecture& a) { return area_of(a, table_for(t, a)); }

double area(const AreaReport& r, const std::string& component) {
  double um2 = 0;
  for (const auto& l : r.lines)
    if (l.component == component) um2 += l.area.um2;
  return um2;
}

/// A machine that has more of something, and the component that is larger for it; empty: only not smaller.
struct Change {
  std::string name, component;
  std::function<void(Architecture&)> make;
};

std::vector<Change> changes_of(const Architecture& a, Random& r) {
  const auto more = r.between(1, 9);
  std::vector<Change> all{
      {"rows", a.array.mac.name, [=](Architecture& m) { m.array.rows += more; }},
      {"columns", a.array.mac.name, [=](Architecture& m) { m.array.columns += more; }},
      {"input width", a.array.mac.name, [=](Architecture& m) { m.words.input = m.words.input + Bits{more}; }},
      {"weight width", a.array.mac.name, [=](Architecture& m) { m.words.weight = m.words.weight + Bits{more}; }},
      {"psum width", "", [=](Architecture& m) { m.words.psum = m.words.psum + Bits{more}; }},
      {"pipeline", a.array.mac.name,
       [=](Architecture& m) { m.array.mac.pipeline = m.array.mac.pipeline + Cycles{more}; }}};
  for (std::size_t i = 0; i < a.array.spads.size(); ++i)
    all.push_back({"depth", a.array.spads[i].name,
                   [=](Architecture& m) { m.array.spads[i].depth = m.array.spads[i].depth + Words{more}; }});
  for (std::size_t i = 0; i < a.buffers.size(); ++i)
    all.push_back({"capacity", "", [=](Architecture& m) {
                     m.buffers[i].capacity = Bytes{m.buffers[i].capacity.count() * (4 + more) / 4};
                   }});
  for (std::size_t i = 0; i < a.networks.size(); ++i) {
    const auto& n = a.networks[i];
    all.push_back({"fifo", n.latency > Cycles{0} ? n.name : "", [=](Architecture& m) {
                     // a word more a lane at least
                     m.networks[i].fifo = m.networks[i].fifo + Words{more * m.networks[i].width.count()};
                   }});
    all.push_back({"network width", "",
                   [=](Architecture& m) { m.networks[i].width = WordsPerCycle{m.networks[i].width.count() + more}; }});
  }
  return all;
}

}  // namespace

TEST_CASE("more PEs, words, bits or bytes never take less room", "[property][energy][area]") {
  const Technology all[] = {technology("generic_180nm"), technology("generic_65nm"), technology("generic_28nm"),
                            technology("generic_7nm")};
  int checked = 0;
  for (std::uint64_t seed = 0; seed < 120; ++seed) {
    Random r{seed, "areas"};
    const auto machine = seed % 2 == 0 ? test::random_machine(r) : test::random_lockstep_machine(r);
    const auto& t = all[seed / 2 % 4];
    const auto before = areas_of(t, machine);
    for (const auto& change : changes_of(machine, r)) {
      auto larger = machine;
      change.make(larger);
      const auto after = areas_of(t, larger);
      CAPTURE(seed, t.name, change.name, change.component);
      CHECK(after.total.um2 >= before.total.um2 * (1 - 1e-12));
      if (!change.component.empty()) {
        CHECK(area(after, change.component) > area(before, change.component));
        CHECK(after.total.um2 > before.total.um2);
      }
      ++checked;
    }
  }
  CHECK(checked > 120 * 15);
}

TEST_CASE("a smaller node takes less room for everything", "[property][energy][area]") {
  const char* names[] = {"generic_180nm", "generic_130nm", "generic_90nm", "generic_65nm", "generic_45nm",
                         "generic_32nm",  "generic_28nm",  "generic_22nm", "generic_16nm", "generic_7nm"};
  std::vector<Technology> all;
  for (const char* n : names) all.push_back(technology(n));
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Random r{seed, "areas"};
    const auto machine = seed % 2 == 0 ? test::random_machine(r) : test::random_lockstep_machine(r);
    for (std::size_t i = 1; i < all.size(); ++i) {
      const auto larger = areas_of(all[i - 1], machine), smaller = areas_of(all[i], machine);
      REQUIRE(larger.lines.size() == smaller.lines.size());
      CAPTURE(seed, all[i].name);
      CHECK(smaller.total.um2 < larger.total.um2);
      for (std::size_t l = 0; l < larger.lines.size(); ++l) {
        CAPTURE(larger.lines[l].component, larger.lines[l].part);
        CHECK(smaller.lines[l].area.um2 <= larger.lines[l].area.um2);
      }
    }
  }
}
