#include "energy/derived_areas.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "energy/floorplan.hpp"
#include "energy/scaling.hpp"

namespace eyrie {

namespace {

/// Composes a machine's areas, component by component.
class AreaWriter {
 public:
  AreaWriter(const Parts& parts, const Architecture& a, EnergyTable& table) : parts_{parts}, a_{a}, table_{table} {}

  void write() {
    for (const auto& b : a_.buffers) buffer(b);
    for (const auto& n : a_.networks) network(n);
    for (const auto& s : a_.array.spads) spad(s);
    arithmetic();
    control();
    chip();
  }

 private:
  /// A figure of `instances` of them, for words that are `at` wide.
  AreaFigure& add(const std::string& component, std::string part, const Estimate& e, double instances, AreaPer per,
                  Bits at) {
    sum_ += e.value * instances;
    upper_ += e.value * e.within * instances;
    table_.areas.push_back({.component = component,
                            .part = std::move(part),
                            .area = {e.value},
                            .per = per,
                            .at = at,
                            .scaling = AreaScaling::Fixed,
                            .source = e.source,
                            .confidence = std::max(e.confidence, Confidence::Derived),
                            .note = e.note,
                            .within = std::max(1.0, e.within),
                            .where = table_.where});
    return table_.areas.back();
  }

  void unknown(const std::string& component, std::string part) {
    table_.unknown_areas.push_back({component, std::move(part), "no figure", table_.where});
  }

  void buffer(const Sram& b) {
    const auto s = sram_area(parts_.technology(), b.capacity, port_of(b, a_));
    add(b.name, "",
        {.value = s.value, .within = s.within, .confidence = Confidence::Derived, .source = s.source, .note = s.note},
        1, AreaPer::Instance, Bits{8})
        .size = b.capacity;
  }

  /// FIFOs of a network's lanes, at each PE or, in lockstep, at the array's edge. Without latency there are wires
  /// alone.
  void network(const Noc& n) {
    const auto width = a_.width(n.tensor);
    if (n.wiring() == NocKind::AdderTree) {
      adder_tree(n);
    } else if (n.latency > Cycles{0}) {
      const bool lockstep = a_.array.control == Control::Lockstep;
      const auto lanes = static_cast<double>(lockstep ? n.width.count() : 1);
      const double ends = lockstep && n.role != NocRole::Forward ? 1 : static_cast<double>(a_.pes());
      const double words = std::max(1.0, static_cast<double>(n.fifo.count()) / lanes);
      const auto fifo = parts_.memory_area(words * static_cast<double>(width.count())).times(lanes * ends);
      add(n.name, "FIFOs", fifo.noted(fmt::format("{:g} of {:g} words of {} b", lanes * ends, words, width.count())), 1,
          AreaPer::Instance, width);
    }
    unknown(n.name, n.wiring() == NocKind::Mesh        ? "wires and routers"
                    : n.wiring() == NocKind::Multicast ? "wires and tags"
                                                       : "wires");
  }

  /// A column's products and its running sum: an adder a PE, and the register that the sum is in.
  void adder_tree(const Noc& n) {
    const auto adder = parts_.area_of(PartKind::Add, a_.words.psum);
    const auto sum = parts_.memory_area(static_cast<double>(n.fifo.count() * a_.words.psum.count()));
    add(n.name, "adders",
        adder->times(static_cast<double>(a_.pes()))
            .noted(fmt::format("{} trees of {} adders, the running sum's among them", a_.array.columns, a_.array.rows)),
        1, AreaPer::Instance, a_.words.psum);
    add(n.name, "FIFOs", sum.times(static_cast<double>(a_.array.columns)).noted("one a column"), 1, AreaPer::Instance,
        a_.words.psum);
  }

  [[nodiscard]] bool tree() const {
    return std::ranges::any_of(a_.networks, [](const Noc& n) { return n.wiring() == NocKind::AdderTree; });
  }

  /// Per bit, so that it is no figure of one capacity. Running sums of an adder tree are a column's.
  void spad(const Spad& s) {
    const auto width = a_.width(s.tensor);
    const double bits = static_cast<double>(s.depth.count() * width.count());
    auto e = parts_.memory_area(bits).times(1 / bits);
    if (tree() && s.tensor == Operand::Output)
      e = e.times(1 / static_cast<double>(a_.array.rows)).noted("one a column, as its adder tree");
    add(s.name, "", e, bits * static_cast<double>(a_.pes()), AreaPer::Bit, width);
  }

  void mac(std::string part, const std::optional<Estimate>& e) {
    const auto& name = a_.array.mac.name;
    if (e)
      add(name, std::move(part), *e, static_cast<double>(a_.pes()), AreaPer::Instance,
          std::max(a_.words.input, a_.words.weight));
    else
      unknown(name, std::move(part));
  }

  void arithmetic() {
    const auto& m = a_.array.mac;
    mac("multiplier", parts_.multiplier_area(a_.words.input, a_.words.weight));
    if (!tree()) mac("adder", parts_.area_of(PartKind::Add, a_.words.psum));
    if (const Bits compared = comparators(); compared > Bits{}) {
      auto e = parts_.area_of(PartKind::Compare, compared);
      if (e) e = e->noted("tests for zero, maximum");
      mac("comparators", e);
    }
    if (const double bits = register_bits(); bits > 0)
      mac("registers", parts_.register_area(bits).noted(
                           fmt::format("{:g} flip-flops: operands, and a product or psum between stages", bits),
                           Confidence::Assumed));
    if (m.zero_skipping != ZeroSkipping::None) unknown(m.name, "what finds the next operands");
  }

  [[nodiscard]] Bits comparators() const {
    const auto& m = a_.array.mac;
    Bits all{};
    if (m.zero_gating) all = all + a_.words.input;
    if (m.weight_gating) all = all + a_.words.weight;
    if (std::ranges::count(m.operations, Reduction::Maximum) > 0) all = all + a_.words.psum;
    return all;
  }

  /// Of a PE's pipeline. A spad of one word is its operand's register itself. Stages behind an adder tree hold a
  /// column's sum, the others a product.
  [[nodiscard]] double register_bits() const {
    const auto product = (a_.words.input + a_.words.weight).count();
    std::int64_t bits = 0;
    for (const Operand t : {Operand::Input, Operand::Weight, Operand::Output}) {
      const auto* s = a_.spad(t);
      if (!s || s->depth > Words{1}) bits += a_.width(t).count();
    }
    const auto stages = a_.array.mac.pipeline.count() - 1;
    if (!tree()) return static_cast<double>(bits + stages * product);
    const auto sums = std::max<std::int64_t>(0, stages - 1) * a_.words.psum.count();
    return static_cast<double>(bits + std::min<std::int64_t>(1, stages) * product) +
           static_cast<double>(sums) / static_cast<double>(a_.array.rows);
  }

  /// Of PEs: the counters that the energy side steps.
  void control() {
    const auto& array = a_.array;
    const auto at = std::max(a_.words.input, a_.words.weight);
    if (array.control == Control::Lockstep) {
      add(array.name, "control", {.source = "architecture", .note = "in the chip's control, which steps all PEs"}, 1,
          AreaPer::Pe, at);
      return;
    }
    const auto counters = counters_of(array);
    if (const auto one = parts_.area_of(PartKind::Count, Bits{32}))
      add(array.name, "control",
          one->times(static_cast<double>(counters))
              .noted(fmt::format("{} counters: a loop's and each spad's address", counters), Confidence::Assumed),
          static_cast<double>(a_.pes()), AreaPer::Pe, at);
    else
      unknown(array.name, "control");
  }

  void chip() {
    const auto at = std::max(a_.words.input, a_.words.weight);
    if (const auto e = parts_.area_of(PartKind::Control, Bits{16}))
      add("chip", "control", e->noted("DianNao's, whatever the machine", Confidence::Assumed), 1, AreaPer::Instance,
          at);
    else
      unknown("chip", "control");
    const double causes[] = {upper_ / sum_, kRoom};
    add("chip", "room between cells",
        {.value = sum_ * (1 / kFilled - 1),
         .within = combined(causes),
         .confidence = Confidence::Assumed,
         .source = "DianNao, ASPLOS 2014, Table 6, filler cells",
         .note =
             fmt::format("x {:.3g} of all other figures: 26.85 % of DianNao's layout, recalled; DaDianNao's is 40.8 %",
                         1 / kFilled - 1)},
        1, AreaPer::Instance, at);
    unknown("chip", "clock tree and top level");
  }

  /// How far filler of another layout may be off: DaDianNao's is 1.9 times as much of its cells.
  static constexpr double kRoom = 2;

  const Parts& parts_;
  const Architecture& a_;
  EnergyTable& table_;
  double sum_ = 0, upper_ = 0;  ///< um2, of all figures so far, and with each at its upper end
};

}  // namespace

void derive_areas(const Parts& parts, const Architecture& a, EnergyTable& table) {
  AreaWriter{parts, a, table}.write();
}

}  // namespace eyrie
