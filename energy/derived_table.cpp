#include <fmt/format.h>

#include <algorithm>

#include "energy/derived_areas.hpp"
#include "energy/estimate.hpp"
#include "energy/floorplan.hpp"
#include "energy/scaling.hpp"

namespace eyrie {

namespace {

/// Composes a machine's table, component by component.
class TableWriter {
 public:
  TableWriter(const Technology& t, const Architecture& a)
      : a_{a}, parts_{t}, spads_{spads_built(parts_, a)}, plan_{floorplan(parts_, a, spads_)} {
    table_.name = t.name;
    table_.title = t.title.empty() ? fmt::format("for {}", a.name) : fmt::format("{}, for {}", t.title, a.name);
    table_.technology = t.technology;
    table_.voltage = t.voltage;
    table_.where = t.where;
  }

  EnergyTable table() {
    dram(a_, parts_.technology(), table_);
    for (const auto& b : a_.buffers) buffer(b);
    for (const auto& n : a_.networks) n.role == NocRole::Forward ? forward(n) : network(n);
    for (const auto& s : spads_) spad(s);
    arithmetic();
    if (a_.dram.compression) coder();
    time();
    derive_areas(parts_, a_, table_);
    return std::move(table_);
  }

  /// What DRAM costs, by its type.
  static void dram(const Architecture& a, const Technology& t, EnergyTable& table) {
    const auto& d = t.dram_called(a.dram.type, a.dram.type.empty() ? t.where : a.where);
    for (const Priced action : {Priced::Read, Priced::Write}) {
      Price p{.component = "dram",
              .action = action,
              .energy = d.energy,
              .per = Per::Bit,
              .source = d.source,
              .confidence = d.confidence,
              .note = fmt::format("{}{}{}", d.name, d.note.empty() ? "" : ": ", d.note),
              .within = d.within,
              .where = d.where};
      table.prices.push_back(std::move(p));
    }
    if (!d.activation) return;
    const double bits = static_cast<double>(d.row.count()) * 8 * d.locality;
    table.prices.push_back({.component = "dram",
                            .action = Priced::Row,
                            .energy = *d.activation,
                            .per = Per::Row,
                            .at = Bits{std::max<std::int64_t>(1, static_cast<std::int64_t>(bits))},
                            .source = d.source,
                            .confidence = Confidence::Assumed,
                            .note = fmt::format("a row of {} B, {:g} % of it moved each time it is opened",
                                                d.row.count(), 100 * d.locality),
                            .within = d.within,
                            .where = d.where});
  }

 private:
  void add(const std::string& component, Priced action, const Estimate& e, Per per, Bits at = Bits{16}) {
    table_.prices.push_back({.component = component,
                             .action = action,
                             .energy = Picojoules{e.value},
                             .per = per,
                             .at = at,
                             .source = e.source,
                             .confidence = e.confidence,
                             .note = e.note,
                             .within = std::max(1.0, e.within),
                             .where = table_.where});
  }

  void buffer(const Sram& b) {
    const Bits port = port_of(b, a_);
    const double bits = static_cast<double>(port.count());
    const auto read = parts_.sram(SramFigure::Read, b.capacity, port).times(1 / bits);
    const auto write = parts_.sram(SramFigure::Write, b.capacity, port).times(1 / bits);
    add(b.name, Priced::Read, read.noted("its whole port used"), Per::Bit);
    add(b.name, Priced::Write, write.noted("its whole port used"), Per::Bit);
    add(b.name, Priced::Fill, write.noted("as a write"), Per::Bit);
    add(b.name, Priced::Drain, read.noted("as a read"), Per::Bit);
  }

  /// A bit's wires, assumed to be as long as the floor plan has them, and the FIFO at their end.
  [[nodiscard]] Estimate wires(double mm, const std::string& how) const {
    return parts_.wire(mm).noted(fmt::format("{:.3g} mm: {}; {}", mm, how, plan_.note), Confidence::Assumed);
  }
  [[nodiscard]] Estimate fifo(const Noc& n) const {
    if (n.latency == Cycles{0}) return {};
    const Words depth{
        std::max<std::int64_t>(1, n.fifo.count() / (a_.array.control == Control::Lockstep ? n.width.count() : 1))};
    return (parts_.register_write(depth, Bits{1}) + parts_.register_read(depth, Bits{1}))
        .noted(fmt::format("in and out of a FIFO of {} words", depth.count()));
  }

  /// A network to or from a buffer. A collected word is counted once, as it leaves its PE.
  void network(const Noc& n) {
    const auto l = lengths_of(n, a_, plan_);
    if (n.role == NocRole::Collect) {
      add(n.name, Priced::Send, fifo(n) + wires(l.once + l.each, l.note), Per::Bit);
    } else {
      add(n.name, Priced::Send, wires(l.once, l.note), Per::Bit);
      add(n.name, Priced::Deliver, fifo(n) + wires(l.each, l.note), Per::Bit);
    }
    add(n.name, Priced::Wire, parts_.wire(1).noted("a millimetre"), Per::Bit);
  }

  void forward(const Noc& n) {
    const auto l = lengths_of(n, a_, plan_);
    add(n.name, Priced::Hop, fifo(n) + wires(l.each, l.note), Per::Bit);
    add(n.name, Priced::Wire, parts_.wire(1).noted("a millimetre"), Per::Bit);
    add(n.name, Priced::Add, parts_.add(a_.words.psum), Per::Word, a_.width(n.tensor));
    add(n.name, Priced::Compare, parts_.compare(a_.words.psum), Per::Word, a_.width(n.tensor));
  }

  void spad(const SpadBuild& s) {
    add(s.spad->name, Priced::Read, s.read, Per::Word, s.width);
    add(s.spad->name, Priced::Write, s.write, Per::Word, s.width);
  }

  void arithmetic() {
    const auto& name = a_.array.mac.name;
    const Bits at = std::max(a_.words.input, a_.words.weight);  // what prices of arithmetic are looked up by
    const auto zero = parts_.compare(a_.words.input);
    add(name, Priced::Mac, parts_.multiply(a_.words.input, a_.words.weight) + parts_.add(a_.words.psum), Per::Word, at);
    add(name, Priced::GatedMac,
        zero.noted("the test for zero; clock and control are counted by themselves", Confidence::Assumed), Per::Word,
        at);
    add(name, Priced::Add, parts_.add(a_.words.psum), Per::Word, at);
    add(name, Priced::Compare, parts_.compare(a_.words.psum), Per::Word, at);
    add(name, Priced::Activate,
        (parts_.multiply(a_.words.output, a_.words.output) + parts_.add(a_.words.psum))
            .noted("a table that interpolates: a multiplication and an addition", Confidence::Assumed),
        Per::Word, at);
  }

  void coder() {
    const auto e = parts_.add(a_.words.output).times(3).noted("three additions a value", Confidence::Assumed);
    add("rlc", Priced::Encode, e, Per::Word, a_.words.output);
    add("rlc", Priced::Decode, e, Per::Word, a_.words.output);
  }

  void time() {
    clock();
    leakage();
    add("chip", Priced::Control, parts_.control(), Per::Cycle);
    const auto counters = counters_of(a_.array);
    if (a_.array.control == Control::Autonomous)
      add(a_.array.name, Priced::Control,
          parts_.count()
              .times(static_cast<double>(counters))
              .noted(fmt::format("{} counters: a loop's and each spad's address", counters), Confidence::Assumed),
          Per::Slot);
    add(a_.array.name, Priced::Idle,
        parts_.compare(Bits{16}).noted(
            "looks whether its FIFOs have words; clock and leakage are counted by themselves", Confidence::Assumed),
        Per::IdleCycle);
  }

  void clock() {
    std::int64_t ports = 0;
    for (const auto& n : a_.networks)
      if (n.role != NocRole::Forward) ports += n.width.count() * a_.width(n.tensor).count();
    const double trunk = 3 * plan_.chip_mm;  // an H of three sides' length and its branches
    const auto e = parts_.flip_flops(Bits{ports}) + parts_.wire(2 * trunk);
    add("chip", Priced::Clock,
        e.noted(fmt::format("{} flip-flops at the networks' ends, and {:.2g} mm of tree that toggle twice a cycle",
                            ports, trunk),
                Confidence::Assumed),
        Per::Cycle);
    const Bits held{static_cast<std::int64_t>(plan_.pe_register_bits)};
    add(a_.array.name, Priced::Clock,
        parts_.flip_flops(held).noted(
            fmt::format("{} flip-flops of a PE: operands, psum, spads that are registers", held.count()),
            Confidence::Assumed),
        Per::PeCycle);
  }

  /// Power over the core clock's period.
  [[nodiscard]] Estimate a_cycle(const Estimate& power) const {
    return power.times(1e9 / a_.core().count())
        .noted(fmt::format("{:.3g} mW at {:g} MHz", power.value, a_.core().count() / 1e6));
  }

  void leakage() {
    Estimate buffers, pe = parts_.datapath_leakage(a_.words.input, a_.words.weight, a_.words.psum) +
                           parts_.register_leakage(plan_.pe_register_bits);
    for (const auto& b : a_.buffers) buffers = buffers + parts_.sram(SramFigure::Leakage, b.capacity, port_of(b, a_));
    for (const auto& s : spads_)
      if (!s.registers) pe = pe + parts_.sram(SramFigure::Leakage, s.bytes, s.width);
    const auto widened = [](Estimate e) {
      const double causes[] = {e.within, 2.0};
      e.within = combined(causes);
      return e;
    };
    if (!a_.buffers.empty())
      add("chip", Priced::Leakage,
          widened(a_cycle(buffers)).noted("of the buffers; flavours of a node leak differently"), Per::Cycle);
    add(a_.array.name, Priced::Leakage,
        a_cycle(pe.times(static_cast<double>(a_.pes()))).noted(fmt::format("of {} PEs", a_.pes())), Per::Cycle);
  }

  const Architecture& a_;
  Parts parts_;
  std::vector<SpadBuild> spads_;
  Floorplan plan_;
  EnergyTable table_;
};

}  // namespace

/// What the source of a scaled price ends in.
static constexpr char kScaled[] = "; scaled by Stillmaker and Baas, 2017";
static constexpr char kLeaks[] = "; leakage as the supply, assumed";

/// A price that time alone costs, at another node and supply. `static` is clock, leakage and control in one figure: it
/// is taken as switching, though a part of it stands.
static void scale_price(Price& p, const EnergyTable& from, Nanometres node, Volts supply) {
  const bool leaks = p.action == Priced::Leakage, mixed = p.action == Priced::Static;
  const double causes[] = {p.width(), scaling_width(from.technology, from.voltage, node, supply),
                           leaks || mixed ? 2.0 : 1.0};
  const double ratio =
      leaks ? leakage_ratio(from.voltage, supply) : energy_ratio(from.technology, from.voltage, node, supply);
  p.energy = p.energy * ratio;
  p.within = combined(causes);
  p.confidence = std::max(p.confidence, leaks || mixed ? Confidence::Assumed : Confidence::Derived);
  p.source += leaks ? kLeaks : kScaled;
  if (!p.note.empty()) p.note += "; ";
  p.note += leaks ? fmt::format("leakage x {:.3g}, as the supply", ratio)
                  : scaling_note(from.technology, from.voltage, node, supply);
  if (mixed) p.note += "; clock, leakage and control in one figure, taken as switching";
}

/// Areas at another node: by the factors of the same paper, which are of logic.
static void scale_areas(EnergyTable& table, Nanometres from, Nanometres to) {
  const double ratio = area_ratio(from, to), width = area_scaling_width(from, to);
  for (auto& f : table.areas) {
    const double causes[] = {f.width(), width};
    f.area.um2 *= ratio;
    f.within = combined(causes);
    f.confidence = std::max(f.confidence, Confidence::Derived);
    f.source += kScaled;
    f.note += (f.note.empty() ? "" : "; ") + area_scaling_note(from, to);
  }
  for (auto& k : table.known_sums) {
    if (!k.area) continue;
    const double causes[] = {k.within, width};
    k.area->um2 *= ratio;
    k.within = combined(causes);
    k.source += kScaled;
  }
}

EnergyTable scaled(const EnergyTable& from, Nanometres node, Volts supply) {
  EnergyTable table = from;
  table.technology = node;
  table.voltage = supply;
  if (scaling_note(from.technology, from.voltage, node, supply).empty()) return table;
  for (auto& p : table.prices)
    if (p.component != "dram" && p.action != Priced::Row) scale_price(p, from, node, supply);
  scale_areas(table, from.technology, node);
  for (auto& k : table.known_sums) {
    if (k.area) continue;
    if (std::ranges::count(table.prices, k.source + kScaled, &Price::source) == 0) continue;  // of DRAM alone
    k.source += kScaled;
    const double causes[] = {k.within, scaling_width(from.technology, from.voltage, node, supply)};
    k.within = combined(causes);
  }
  return table;
}

/// A base table at a technology's node and supply, with its clock and its DRAM.
static EnergyTable from_table(const Technology& t, const Architecture& a) {
  auto table = scaled(*t.table, t.technology, t.voltage);
  table.name = t.name;
  if (!t.title.empty()) table.title = t.title;
  table.where = t.where;
  for (auto& p : table.prices) {
    p.where = t.where;
    if (p.action != Priced::Leakage || !t.frequency) continue;
    p.energy = p.energy * (t.frequency->count() / a.core().count());
    p.note += fmt::format("{}the same power at {:g} MHz instead of {:g}", p.note.empty() ? "" : "; ",
                          a.core().count() / 1e6, t.frequency->count() / 1e6);
  }
  if (a.dram.type.empty() && t.dram.empty()) return table;
  std::erase_if(table.prices, [&](const Price& p) { return p.component == "dram" || p.component == a.dram.name; });
  TableWriter::dram(a, t, table);
  return table;
}

EnergyTable table_for(const Technology& t, const Architecture& a) {
  if (t.table) return from_table(t, a);
  try {
    return TableWriter{t, a}.table();
  } catch (const InputError& e) {
    auto all = e.diagnostics();
    for (auto& d : all)
      if (d.place.file.empty())
        d = {a.where, fmt::format("{} cannot price {}: {}", t.name, a.name, d.problem), d.remedy};
    throw InputError{std::move(all)};
  }
}

}  // namespace eyrie
