#include "interchange/timeloop_architecture.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/quantities.hpp"
#include "interchange/timeloop_machine.hpp"

namespace eyrie {

namespace {

// What Timeloop doesn't say (docs/timeloop.md lists these with their reasons).
constexpr double kTechnology = 65;  // nm: that of the energy table
constexpr double kFrequency = 1e9;  // Hz: what Timeloop's GFLOPs are counted at
constexpr std::int64_t kFifo = 4;   // words, and at least twice what the network moves at once
constexpr std::string_view kEnergyTable = "eyeriss_65nm";

/// A machine as the text of an architecture file.
class MachineText {
 public:
  explicit MachineText(TimeloopMachine machine) : m_{std::move(machine)} {}

  TimeloopArchitecture write() && {
    auto text = head();
    text += body();
    std::string comments;
    for (auto line : m_.nodes.notes) {
      std::ranges::replace_if(
          line, [](unsigned char c) { return c < ' '; }, ' ');
      comments += "# " + line + "\n";
    }
    TimeloopArchitecture result{
        .yaml = comments + text, .fanouts = m_.nodes.fanouts, .added = m_.added, .notes = m_.nodes.notes};
    result.architecture = read_architecture(YamlDocument::from_text(result.yaml, m_.nodes.where.file));
    return result;
  }

 private:
  double dram_bandwidth(const TimeloopStorage& d) {
    if (d.read || d.write) {
      const auto words = std::min(d.read.value_or(1e12), d.write.value_or(1e12));
      if (d.read.value_or(words) != d.write.value_or(words))
        note("{} reads and writes at different rates; the smaller one, {} words a cycle, is the link's", d.name, words);
      return words * static_cast<double>(d.word) / 8;
    }
    note("{} has no bandwidth, which is without bound in Timeloop; {} B a cycle, its width, are taken", d.name,
         static_cast<double>(d.width) / 8);
    return static_cast<double>(d.width) / 8;
  }

  static std::string tensors(const std::vector<Operand>& all) {
    std::string text;
    for (Operand t : all) text += fmt::format("{}{}", text.empty() ? "" : ", ", name_of(t));
    return text;
  }

  std::string network(std::string_view name, std::string_view role, Operand t, std::int64_t width) {
    return fmt::format(
        "- {{name: {}, role: {}, tensor: {}, width: {} words/cycle, latency: 1 cycles, fifo: {} words}}\n",
        m_.fresh(std::string(name)), role, name_of(t), width, std::max(kFifo, 2 * width));
  }

  std::string networks() {
    std::string text;
    for (Operand t : kAllOperands)
      text += network(fmt::format("{}_network", t == Operand::Output ? "psum_in" : name_of(t)), "deliver", t,
                      m_.buffer(t).read);
    const auto out = m_.buffer(Operand::Output).write;
    return text + network("psum_out_network", "collect", Operand::Output, out) +
           network("psum_link", "forward", Operand::Output, out);
  }

  std::string body() {
    const auto& dram = m_.nodes.storages.front();
    std::string text = fmt::format("dram: {{name: {}, clock: core, bandwidth: {}, latency: 0 cycles}}\nbuffers:\n",
                                   dram.name, write_quantity(dram_bandwidth(dram), Dimension::BytesPerCycle));
    for (const auto& b : m_.buffers)
      text += fmt::format(
          "- name: {0}\n  capacity: {1} B\n  bank: {2} B\n  partitions:\n  - {{name: {0}, tensors: [{3}], banks: {4}, "
          "double_buffered: {5}, read: {6} words/cycle, write: {7} words/cycle, initial_psums: false, bypass: {8}}}\n",
          b.name, b.bank * b.banks, b.bank, tensors(b.tensors), b.banks, b.twice, b.read, b.write, b.bypass);
    text += "networks:\n" + networks();
    text += fmt::format("array:\n  name: {}\n  rows: {}\n  columns: {}\n  spads:\n", m_.array, m_.rows, m_.columns);
    for (const auto& s : m_.spads)
      text +=
          fmt::format("  - {{name: {}, tensor: {}, depth: {} words}}\n", s.name, name_of(s.tensor), s.depth.count());
    return text +
           fmt::format("  mac: {{name: {}, pipeline: 1 cycles, zero_gating: false, operations: [multiply_add]}}\n",
                       m_.nodes.mac);
  }

  std::string head() {
    if (!m_.nodes.technology_nm) note("no technology is given; {} nm are taken", kTechnology);
    if (!m_.nodes.cycle_seconds) note("no global_cycle_seconds are given; the clock is 1 GHz");
    note("energy is priced with {}; set `energy_table` to another", kEnergyTable);
    note(
        "FIFOs of networks, their latency of 1 cycle, a MAC pipeline of 1 cycle and a DRAM without latency are chosen");
    return fmt::format(
        "kind: architecture\nname: {}\ntitle: {}, from a Timeloop v4 architecture\nsource: Timeloop v4 "
        "architecture\ntechnology: {}\nenergy_table: {}\nclocks:\n- {{name: core, frequency: {}}}\nwords: {{input: {} "
        "b, "
        "weight: {} b, psum: {} b, output: {} b}}\n",
        m_.nodes.name.empty() ? "timeloop" : m_.nodes.name, m_.nodes.name.empty() ? "timeloop" : m_.nodes.name,
        write_quantity(m_.nodes.technology_nm.value_or(kTechnology), Dimension::Nanometres), kEnergyTable,
        write_quantity(m_.nodes.cycle_seconds ? 1 / *m_.nodes.cycle_seconds : kFrequency, Dimension::Hertz),
        m_.width(Operand::Input), m_.width(Operand::Weight), m_.width(Operand::Output), m_.output_bits);
  }

  template <class... T>
  void note(fmt::format_string<T...> text, T&&... values) {
    m_.nodes.notes.push_back(fmt::format(text, std::forward<T>(values)...));
  }

  TimeloopMachine m_;
};

}  // namespace

TimeloopArchitecture read_timeloop_architecture(const YamlDocument& document) {
  Diagnostics wrong;
  auto nodes = read_timeloop_nodes(document, wrong);
  wrong.raise_if_any();
  return MachineText{timeloop_machine(std::move(nodes))}.write();
}

}  // namespace eyrie
