#include "interchange/scalesim_machine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace eyrie {

namespace {

constexpr const char* kEnergyTable = "eyeriss_65nm";
constexpr Nanometres kTechnology{65};
constexpr Hertz kFrequency{1e9};

/// A tensor's way between its SRAM and the array.
struct Edge {
  const char* name;  ///< as SCALE-Sim calls the tensor
  Operand tensor;
  Bytes capacity;
  WordsPerCycle width;  ///< rows or columns: the side of the array where its words go in or out
};

WordsPerCycle link(const ScaleSimConfig& c) { return c.bandwidth.value_or(kScaleSimUnlimited); }

std::vector<Edge> edges(const ScaleSimConfig& c) {
  const WordsPerCycle rows{c.rows}, columns{c.columns};
  const bool inputs_stay = c.stationary == Stationary::Input;  // then they are loaded from the top, and filters stream
  return {{"ifmap", Operand::Input, c.ifmap, inputs_stay ? columns : rows},
          {"filter", Operand::Weight, c.filter, inputs_stay ? rows : columns},
          {"ofmap", Operand::Output, c.ofmap, columns}};
}

/// Banks are the whole bytes of a word, so that a tile takes no more than its words.
Sram sram(const Edge& e, const ScaleSimConfig& c, Bits word) {
  const Bytes bank{ceil_div(word.count(), 8)};
  const auto wide = std::max(e.width, link(c));  // SCALE-Sim's fills and drains wait for DRAM only
  return {.name = fmt::format("{}_sram", e.name),
          .capacity = e.capacity,
          .bank = bank,
          .partitions = {{.name = e.name,
                          .tensors = {e.tensor},
                          .banks = e.capacity / bank,
                          .double_buffered = true,
                          .read = e.tensor == Operand::Output ? wide : e.width,
                          .write = wide,
                          .initial_psums = false}}};
}

Noc network(std::string name, NocRole role, Operand tensor, NocKind kind, WordsPerCycle width) {
  return {.name = std::move(name),
          .role = role,
          .tensor = tensor,
          .kind = kind,
          .width = width,
          .latency = Cycles{0},
          .fifo = Words{width.count()}};
}

std::vector<Noc> networks(const ScaleSimConfig& c) {
  std::vector<Noc> all;
  for (const auto& e : edges(c))
    all.push_back(network(fmt::format("{}_in", e.name), NocRole::Deliver, e.tensor, NocKind::Systolic, e.width));
  all.push_back(network("ofmap_out", NocRole::Collect, Operand::Output, NocKind::Systolic, WordsPerCycle{c.columns}));
  all.push_back(network("psum_link", NocRole::Forward, Operand::Output, NocKind::Links, WordsPerCycle{1}));
  return all;
}

PeArray array(const ScaleSimConfig& c) {
  PeArray a{.rows = c.rows,
            .columns = c.columns,
            .control = Control::Lockstep,
            .lockstep = {.row_skew = 1, .column_skew = 1, .fold = Fold::Whole, .overlap = false}};
  for (const auto& e : edges(c)) a.spads.push_back({.name = fmt::format("{}_register", e.name), .tensor = e.tensor});
  a.mac.operations = {Reduction::MultiplyAdd};
  return a;
}

/// Rows or columns behind the end of an IFMAP that the last of `outputs` windows covers.
std::int64_t overhang(std::int64_t outputs, std::int64_t stride, std::int64_t kernel, std::int64_t input) {
  return (outputs - 1) * stride + kernel - input;
}

Layer layer(const ScaleSimLayer& l, const std::string& input) {
  const auto out = l.output();
  Layer made;
  made.name = l.name;
  made.inputs = {input};
  made.out_channels = l.groups * l.filters;
  made.groups = l.groups;
  made.bias = false;
  made.kernel = l.kernel;
  made.stride = l.stride;
  made.padding.bottom = overhang(out.rows, l.stride.rows, l.kernel.rows, l.input.rows);
  made.padding.right = overhang(out.columns, l.stride.columns, l.kernel.columns, l.input.columns);
  return made;
}

}  // namespace

Architecture scalesim_architecture(const ScaleSimConfig& c, Bits word) {
  Architecture a;
  a.name = c.run_name;
  a.title = fmt::format("{} x {} PEs, {}", c.rows, c.columns, name_of(c.stationary));
  a.source = "SCALE-Sim configuration";
  a.technology = kTechnology;
  a.energy_table = kEnergyTable;
  a.dataflow = name_of(c.stationary);
  a.clocks = {{.name = "core", .frequency = kFrequency}};
  a.words = {.input = word, .weight = word, .psum = word, .output = word};
  a.dram.bandwidth = BytesPerCycle{static_cast<double>(link(c).count() * word.count()) / 8};
  for (const auto& e : edges(c)) a.buffers.push_back(sram(e, c, word));
  a.networks = networks(c);
  a.array = array(c);
  return a;
}

NetworkFile scalesim_workload(const ScaleSimTopology& t) {
  NetworkFile n;
  n.name = t.name;
  n.source = "SCALE-Sim topology";
  std::set<std::string> taken;
  for (const auto& l : t.layers) taken.insert(l.name);
  for (const auto& l : t.layers) {
    auto input = l.name + "_ifmap";
    while (!taken.insert(input).second) input += "_";
    n.inputs.push_back(
        {.name = input, .channels = l.channels, .rows = l.input.rows, .columns = l.input.columns, .where = {}});
    n.layers.push_back(layer(l, input));
  }
  return n;
}

std::string scalesim_architecture_text(const ScaleSimConfig& c, Bits word) {
  std::string text = "# From a SCALE-Sim configuration.\n";
  for (const auto& choice : scalesim_choices(c, word)) text += "# " + choice + "\n";
  auto a = scalesim_architecture(c, word);
  return text + write_yaml([&](Fields& f) { describe(f, a); });
}

std::string scalesim_workload_text(const ScaleSimTopology& t) {
  auto n = scalesim_workload(t);
  return "# From a SCALE-Sim topology: layers that are not connected, each with an input of its own.\n" +
         write_yaml([&](Fields& f) { describe(f, n); });
}

std::vector<std::string> scalesim_choices(const ScaleSimConfig& c, Bits word) {
  std::vector<std::string> all{
      fmt::format("words have no width in SCALE-Sim; {} b are taken", word.count()),
      fmt::format("there is no clock in SCALE-Sim; 1 GHz is taken, and energy is priced with {}", kEnergyTable)};
  if (!c.bandwidth)
    all.push_back(fmt::format("DRAM is as fast as it takes; {} words a cycle are taken", kScaleSimUnlimited.count()));
  return all;
}

}  // namespace eyrie
