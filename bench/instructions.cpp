// Small fixed pieces of work, one a run, for counting instructions: bench/instructions.sh runs each under callgrind,
// which counts inside `eyrie_measured` alone.
//
//   eyrie_bench_instructions --build    what it was compiled with
//   eyrie_bench_instructions --list     names of the cases
//   eyrie_bench_instructions CASE       runs it and prints what it amounts to: `UNIT COUNT`

#include <fmt/format.h>

#include <functional>
#include <string>
#include <vector>

#include "app/layer_mapper.hpp"
#include "base/random.hpp"
#include "bench/program.hpp"
#include "dataflows/closed_form.hpp"
#include "dataflows/legality.hpp"
#include "dataflows/mapping_file.hpp"
#include "energy/price.hpp"
#include "sim/simulate.hpp"

// A name that callgrind is told.
extern "C" [[gnu::noinline]] void eyrie_measured(const std::function<void()>& act) { act(); }

namespace eyrie::bench {

namespace {

YamlDocument file(const std::string& path) { return YamlDocument::from_file(EYRIE_SOURCE_DIR "/" + path); }

Architecture machine(const std::string& name) {
  return read_architecture(file("configs/architectures/" + name + ".yaml"));
}

/// A slice of a 3 x 3 convolution that keeps `rows` x `rows`.
LayerNest slice(std::int64_t channels, std::int64_t depth, std::int64_t rows) {
  return {.extent = {{1, 1, channels, depth, rows, rows, 3, 3}},
          .stride = {},
          .dilation = {},
          .padding = {.top = 1, .bottom = 1, .left = 1, .right = 1}};
}

/// The layer that a mapping file of bench/instructions was made for: 64 of 32 channels, 14 x 14.
LayerNest lockstep_layer() { return slice(64, 32, 14); }

Mapping mapping_in(const std::string& name, const LayerNest& l, const Architecture& a) {
  const auto entries = read_mapping_file(file("bench/instructions/" + name + ".yaml"));
  return mapping_of(entries.layers.at(0), l, a);
}

/// Words of their full width; a quarter of the ifmap's are zero.
LayerOperands operands(const LayerNest& l, const Architecture& a) {
  Random random{1, "instructions"};
  const auto words = [&](Tensor& t, Bits width, double zeros) {
    const auto most = (std::int64_t{1} << (width.count() - 1)) - 1;
    for (auto& v : t.data()) v = random.chance(zeros) ? 0 : static_cast<std::int16_t>(random.between(-most, most));
  };
  const Extents& x = l.extent;
  LayerOperands o;
  o.input = Tensor{Shape{x[Dim::N], x[Dim::G] * x[Dim::C], x[Dim::P], x[Dim::Q]}};
  o.weight = Tensor{Shape{x[Dim::G] * x[Dim::M], x[Dim::C], x[Dim::R], x[Dim::S]}};
  words(o.input, a.words.input, 0.25);
  words(o.weight, a.words.weight, 0);
  o.arithmetic = {.product_shift = 7, .output_shift = 2, .widths = a.words};
  return o;
}

/// What a case amounts to.
struct Amount {
  const char* unit;
  std::int64_t count;
};

Amount simulated(const std::string& name, const LayerNest& l,
                 const std::function<Mapping(const Architecture&)>& mapping, Stepping way) {
  const auto a = machine(name);
  const auto m = mapping(a);
  Diagnostics broken;
  legality(m, l, a, {}, broken);
  broken.raise_if_any();
  const auto data = operands(l, a);
  LayerResult result;
  eyrie_measured([&] { result = simulate(l, a, m, data, {.stepping = way}); });
  ensure(!result.deadlock, "the layer comes to its end");
  return {"PE-cycles", result.cycles.count() * a.array.rows * a.array.columns};
}

/// AlexNet's conv3 with fewer channels, mapped as JSSC 2017, Table III has conv3.
Amount row_stationary_slice(std::int64_t channels, std::int64_t depth, Stepping way) {
  const auto l = slice(channels, depth, 13);
  return simulated(
      "eyeriss_v1", l,
      [&](const Architecture& a) {
        return row_stationary({.m = 64, .n = 1, .e = 13, .p = 16, .q = 4, .r = 1, .t = 4}, l, a);
      },
      way);
}

Amount lockstep_slice(const std::string& name) {
  const auto l = lockstep_layer();
  return simulated(
      name, l, [&](const Architecture& a) { return mapping_in(name, l, a); }, Stepping::Replay);
}

Amount search() {
  const auto a = machine("eyeriss_v1");
  const auto table = read_energy_table(file("configs/technologies/" + a.energy_table + ".yaml"));
  const auto flow = read_dataflow(file("configs/dataflows/row_stationary.yaml"));
  const auto l = slice(64, 32, 14);
  MapAnswer answer;
  eyrie_measured([&] { answer = search_mapping(l, a, flow, {}, pricing_of(a, table), {}); });
  return {"nodes", answer.proof.nodes};
}

Amount closed_form() {
  const auto a = machine("eyeriss_v1");
  const auto table = read_energy_table(file("configs/technologies/" + a.energy_table + ".yaml"));
  const auto l = slice(384, 256, 13);
  const auto m = row_stationary({.m = 64, .n = 1, .e = 13, .p = 16, .q = 4, .r = 1, .t = 4}, l, a);
  constexpr std::int64_t kTimes = 200;
  double energy = 0;
  eyrie_measured([&] {
    for (std::int64_t i = 0; i < kTimes; ++i) {
      const auto moved = traffic(m, l, a);
      energy += price(action_counts(moved, l, a, {}), cycle_model(moved, l, a, {}).estimate, a, table).total.count();
    }
  });
  ensure(energy > 0, "energy is spent");
  return {"mappings", kTimes};
}

struct Case {
  const char* name;
  std::function<Amount()> act;
};

std::vector<Case> cases() {
  using enum Stepping;
  return {{"eyeriss_v1_replay", [] { return row_stationary_slice(128, 64, Replay); }},
          {"eyeriss_v1_run_ahead", [] { return row_stationary_slice(64, 16, RunAhead); }},
          {"eyeriss_v1_cycle", [] { return row_stationary_slice(64, 4, Cycle); }},
          {"diannao", [] { return lockstep_slice("diannao"); }},
          {"tpu_like_32x32", [] { return lockstep_slice("tpu_like_32x32"); }},
          {"mapper", search},
          {"closed_form", closed_form}};
}

int run(const std::string& what) {
  if (what == "--build") fmt::print("g++ {}, {}\n", __VERSION__, EYRIE_BUILD);
  bool known = what == "--build" || what == "--list";
  for (const auto& c : cases()) {
    if (what == "--list") fmt::print("{}\n", c.name);
    if (what != c.name) continue;
    known = true;
    const auto amount = c.act();
    fmt::print("{} {}\n", amount.unit, amount.count);
  }
  return known ? 0 : 2;
}

}  // namespace

}  // namespace eyrie::bench

int main(int count, char** values) {
  return eyrie::bench::exit_code([&] { return eyrie::bench::run(count > 1 ? values[1] : "--list"); });
}
