#include "app/study/whatif_changes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/quantities.hpp"

namespace eyrie {

namespace {

/// A size or rate: where it stands, what it is called, how much of what it is.
struct Size {
  std::string path, name, what;
  double value;
  Dimension dimension;
  bool whole = true;
};

std::string text_of(double value, Dimension d) {
  return d == Dimension::None ? fmt::format("{:.0f}", value) : write_quantity(value, d);
}

std::string on_off(bool on) { return on ? "on" : "off"; }

class Maker {
 public:
  explicit Maker(const Architecture& a) : a_{a} {}

  std::vector<MachineChange> all() {
    for (const auto& b : a_.buffers) buffer(b);
    for (const auto& s : a_.array.spads)
      twice_and_half({"array.spads." + s.name + ".depth", s.name + ".depth", "depth",
                      static_cast<double>(s.depth.count()), Dimension::Words});
    for (const auto& n : a_.networks) network(n);
    dram();
    for (const auto& c : a_.clocks)
      twice_and_half({"clocks." + c.name + ".frequency", c.name + ".frequency",
                      c.name == a_.dram.clock ? "clock, and DRAM's link with it" : "clock", c.frequency.count(),
                      Dimension::Hertz, false});
    twice_and_half({"array.rows", "rows", "rows of PEs", static_cast<double>(a_.array.rows), Dimension::None});
    twice_and_half(
        {"array.columns", "columns", "columns of PEs", static_cast<double>(a_.array.columns), Dimension::None});
    mac();
    return std::move(changes_);
  }

 private:
  static std::string set(const std::string& path, const std::string& value) {
    return fmt::format("architecture.{}={}", path, value);
  }

  MachineChange& add(std::string name, std::string title, std::vector<std::string> sets) {
    return changes_.emplace_back(MachineChange{std::move(name), std::move(title), std::move(sets), {}});
  }

  void twice(const Size& s) {
    const auto to = text_of(2 * s.value, s.dimension);
    add(s.name + " x 2", fmt::format("{} {} -> {}", s.what, text_of(s.value, s.dimension), to), {set(s.path, to)});
  }

  void half(const Size& s) {
    const double to = s.whole ? std::ceil(s.value / 2) : s.value / 2;
    const auto now = text_of(s.value, s.dimension), then = text_of(to, s.dimension);
    auto& c = add(s.name + " / 2", fmt::format("{} {} -> {}", s.what, now, then), {set(s.path, then)});
    if (to == s.value) c.impossible = fmt::format("{} of {} has no half", s.what, now);
  }

  void twice_and_half(const Size& s) {
    twice(s);
    if (s.value == 0) changes_.back().impossible = fmt::format("twice a {} of 0 is the same", s.what);
    half(s);
  }

  void flag(const std::string& path, const std::string& name, const std::string& what, bool now) {
    add(fmt::format("{} {}", name, on_off(!now)), what, {set(path, now ? "false" : "true")});
  }

  /// Twice as many banks for everyone; half as many or, where someone has an odd number, banks of half the size.
  void buffer(const Sram& b) {
    const auto path = "buffers." + b.name;
    const auto bytes = [](std::int64_t n) { return write_quantity(static_cast<double>(n), Dimension::Bytes); };
    const auto capacity = [&](std::int64_t n) { return set(path + ".capacity", bytes(n)); };
    const auto title = [&](std::int64_t to) {
      return fmt::format("capacity {} -> {}", bytes(b.capacity.count()), bytes(to));
    };
    const auto banks = [&](std::vector<std::string>& sets, std::int64_t twice, std::int64_t half) {
      for (const auto& p : b.partitions)
        sets.push_back(
            set(fmt::format("{}.partitions.{}.banks", path, p.name), std::to_string(p.banks * twice / half)));
    };
    const std::int64_t now = b.capacity.count();
    std::vector<std::string> more{capacity(2 * now)};
    banks(more, 2, 1);
    add(b.name + ".capacity x 2", title(2 * now), std::move(more));
    const bool even = (b.capacity / b.bank) % 2 == 0 &&
                      std::ranges::all_of(b.partitions, [](const Partition& p) { return p.banks % 2 == 0; });
    std::vector<std::string> less{capacity(now / 2)};
    if (even) {
      banks(less, 1, 2);
      add(b.name + ".capacity / 2", title(now / 2), std::move(less));
    } else {
      less.push_back(set(path + ".bank", bytes(b.bank.count() / 2)));
      auto& c = add(b.name + ".capacity / 2",
                    fmt::format("{}, banks {} -> {}", title(now / 2), bytes(b.bank.count()), bytes(b.bank.count() / 2)),
                    std::move(less));
      if (b.bank.count() % 2 != 0)
        c.impossible =
            fmt::format("banks of {} have no half, and a partition has an odd number of them", bytes(b.bank.count()));
    }
    for (const auto& p : b.partitions) partition(path, b, p);
  }

  void partition(const std::string& buffer_path, const Sram& b, const Partition& p) {
    const auto path = fmt::format("{}.partitions.{}", buffer_path, p.name), name = b.name + "." + p.name;
    twice_and_half(
        {path + ".read", name + ".read", "reads", static_cast<double>(p.read.count()), Dimension::WordsPerCycle});
    twice_and_half(
        {path + ".write", name + ".write", "writes", static_cast<double>(p.write.count()), Dimension::WordsPerCycle});
    if (p.circular)
      flag(path + ".circular", name + ".circular", "a ring, filled behind the last reads", true);
    else
      flag(path + ".double_buffered", name + ".double_buffered", "the next tile comes while this one is used",
           p.double_buffered);
  }

  /// A network that gets wider than its FIFOs are deep gets deeper ones.
  void network(const Noc& n) {
    const auto path = "networks." + n.name;
    const Size width{path + ".width", n.name + ".width", "width", static_cast<double>(n.width.count()),
                     Dimension::WordsPerCycle};
    const Size fifo{path + ".fifo", n.name + ".fifo", "FIFOs", static_cast<double>(n.fifo.count()), Dimension::Words};
    twice(width);
    if (n.fifo.count() < 2 * n.width.count()) {
      const auto deep = text_of(2 * width.value, Dimension::Words);
      changes_.back().set.push_back(set(fifo.path, deep));
      changes_.back().title += fmt::format(", FIFOs {} -> {}", text_of(fifo.value, fifo.dimension), deep);
    }
    half(width);
    twice_and_half(fifo);
  }

  void dram() {
    const auto& d = a_.dram;
    twice_and_half(
        {"dram.bandwidth", d.name + ".bandwidth", "bandwidth", d.bandwidth.count(), Dimension::BytesPerCycle, false});
    twice_and_half(
        {"dram.latency", d.name + ".latency", "latency", static_cast<double>(d.latency.count()), Dimension::Cycles});
    if (d.compression && !d.compression->tensors.empty()) {
      auto& c = add("rlc off", "feature maps and filters travel uncoded", {set("dram.compression.tensors", "[]")});
      if (d.compression->codebook) c.set.push_back(set("dram.compression.codebook", "false"));
      return;
    }
    // The coder of Eyeriss v1 (JSSC 2017, IV-B), as fast as the port of the ifmap's partition, which it feeds.
    add("rlc on", "ifmaps and ofmaps travel as zero-run code, pairs of 5-bit runs and words",
        {set("dram.compression",
             fmt::format("{{tensors: [input, output], run: 5 b, pairs: {}, word: 64 b, rate: {}}}",
                         63 / (5 + std::max(a_.words.input, a_.words.output).count()),
                         write_quantity(static_cast<double>(a_.partition(Operand::Input)->write.count()),
                                        Dimension::WordsPerCycle)))});
  }

  void mac() {
    const auto& m = a_.array.mac;
    twice_and_half({"array.mac.pipeline", m.name + ".pipeline", "pipeline", static_cast<double>(m.pipeline.count()),
                    Dimension::Cycles});
    flag("array.mac.zero_gating", m.name + ".zero_gating", "zero ifmap words save energy, not cycles", m.zero_gating);
    flag("array.mac.weight_gating", m.name + ".weight_gating", "zero filter words save energy, not cycles",
         m.weight_gating);
    const bool skips = m.zero_skipping != ZeroSkipping::None;
    add(fmt::format("{}.zero_skipping {}", m.name, skips ? "off" : "on"),
        skips ? "zero operands take their cycle" : "MACs with a zero operand take no cycle",
        {set("array.mac.zero_skipping", skips ? "none" : "both")});
  }

  const Architecture& a_;
  std::vector<MachineChange> changes_;
};

bool begins(const std::string& set, std::string_view path) {
  return set.starts_with(path) && (set[path.size()] == '.' || set[path.size()] == '=');
}

}  // namespace

std::vector<MachineChange> changes_of(const Architecture& a) { return Maker{a}.all(); }

bool is_on_chip(const std::string& set) {
  if (!set.starts_with("architecture.")) return false;
  if (begins(set, "architecture.dram.compression")) return true;
  return !begins(set, "architecture.dram") && !begins(set, "architecture.clocks");
}

std::vector<std::string> parts_of(const std::string& set, const Architecture& a) {
  if (!is_on_chip(set)) return {};
  if (begins(set, "architecture.dram.compression")) return {"rlc"};
  for (const auto& b : a.buffers)
    if (begins(set, "architecture.buffers." + b.name)) return {b.name};
  for (const auto& n : a.networks)
    if (begins(set, "architecture.networks." + n.name)) return {n.name};
  for (const auto& s : a.array.spads)
    if (begins(set, "architecture.array.spads." + s.name)) return {s.name};
  if (begins(set, "architecture.array.mac")) return {a.array.mac.name};
  std::vector<std::string> all;  // of the array's size, and of what else it may be
  for (const auto& n : a.networks) all.push_back(n.name);
  for (const auto& s : a.array.spads) all.push_back(s.name);
  all.insert(all.end(), {a.array.mac.name, a.array.name});
  if (!set.starts_with("architecture.array."))
    for (const auto& b : a.buffers) all.push_back(b.name);
  return all;
}

}  // namespace eyrie
