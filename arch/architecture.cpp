#include "arch/architecture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <span>

#include "arch/codebook.hpp"
#include "base/ensure.hpp"

namespace eyrie {

Hertz Architecture::clock(std::string_view clock_name) const {
  for (const auto& c : clocks)
    if (c.name == clock_name) return c.frequency;
  throw InternalError("an architecture was used with a clock that its check would have refused");
}

ClockRatio Architecture::core_cycles_of(std::string_view from) const {
  const auto ours = std::llround(core().count()), theirs = std::llround(clock(from).count());
  const auto common = std::gcd(ours, theirs);
  return {.ours = ours / common, .theirs = theirs / common};
}

double Architecture::bytes_a_core_cycle() const {
  return dram.bandwidth.count() * clock(dram.clock).count() / core().count();
}

Bits Architecture::width(Operand t) const {
  switch (t) {
    case Operand::Input:
      return words.input;
    case Operand::Weight:
      return words.weight;
    case Operand::Output:
      return words.psum;
  }
  return words.psum;
}

const Noc* Architecture::network(NocRole role, Operand t) const {
  const auto it = std::ranges::find_if(networks, [&](const Noc& n) { return n.role == role && n.tensor == t; });
  return it == networks.end() ? nullptr : &*it;
}

const Spad* Architecture::spad(Operand t) const {
  const auto it = std::ranges::find(array.spads, t, &Spad::tensor);
  return it == array.spads.end() ? nullptr : &*it;
}

const Sram* Architecture::buffer(Operand t) const {
  for (const auto& b : buffers)
    for (const auto& p : b.partitions)
      if (std::ranges::count(p.tensors, t)) return &b;
  return nullptr;
}

const Partition* Architecture::partition(Operand t) const {
  for (const auto& b : buffers)
    for (const auto& p : b.partitions)
      if (std::ranges::count(p.tensors, t)) return &p;
  return nullptr;
}

WordsPerCycle Architecture::read_rate(Operand t) const {
  return WordsPerCycle{port_share[static_cast<std::size_t>(t)](partition(t)->read.count())};
}

WordsPerCycle Architecture::write_rate(Operand t) const {
  return WordsPerCycle{port_share[static_cast<std::size_t>(t)](partition(t)->write.count())};
}

namespace {

/// The kinds that a network of autonomous PEs can be of.
std::span<const NocKind> autonomous_kinds(NocRole role) {
  using enum NocKind;
  static constexpr NocKind deliver[]{Multicast, Bus, Broadcast, Unicast, Mesh}, collect[]{Bus, Unicast, Mesh},
      forward[]{Links};
  if (role == NocRole::Deliver) return deliver;
  if (role == NocRole::Collect) return collect;
  return forward;
}

/// The kinds that a network of PEs in lockstep can be of.
std::span<const NocKind> lockstep_kinds(NocRole role) {
  using enum NocKind;
  static constexpr NocKind deliver[]{Multicast, Bus, Broadcast, Unicast, Systolic}, collect[]{Bus, Unicast, Systolic},
      forward[]{Links, AdderTree};
  if (role == NocRole::Deliver) return deliver;
  if (role == NocRole::Collect) return collect;
  return forward;
}

/// The checks of one architecture, each adding what is wrong at its place.
class Check {
 public:
  Check(const Architecture& a, const YamlDocument& d, Diagnostics& wrong) : a_{a}, document_{d}, wrong_{wrong} {}

  void all() {
    if (a_.kind != "architecture")
      error("kind", fmt::format("kind is {}, and an architecture was wanted", a_.kind), "write `kind: architecture`");
    clocks();
    names();
    buffers();
    ways();
    if (a_.array.control == Control::Autonomous) autonomous();
    operations();
    zeros();
    if (a_.array.control == Control::Lockstep) lockstep();
  }

 private:
  void error(const std::string& path, std::string problem, std::string remedy) {
    wrong_.error(document_.place_of(path), std::move(problem), std::move(remedy));
  }

  void clocks() {
    std::vector<std::string_view> known;
    for (const auto& c : a_.clocks) known.push_back(c.name);
    if (!std::ranges::count(known, "core"))
      error("clocks", "there is no clock called core", "name the clock of the PE array `core`");
    if (!std::ranges::count(known, a_.dram.clock))
      error("dram.clock", fmt::format("dram.clock is {}, which is no clock", a_.dram.clock),
            did_you_mean(a_.dram.clock, known));
  }

  void names() {
    std::set<std::string> seen;
    auto once = [&](const std::string& name, const std::string& path) {
      if (!seen.insert(name).second)
        error(path, fmt::format("two components are called {}", name), "give each component its own name");
    };
    once(a_.dram.name, "dram");
    for (std::size_t i = 0; i < a_.buffers.size(); ++i) once(a_.buffers[i].name, fmt::format("buffers.{}.name", i));
    for (std::size_t i = 0; i < a_.networks.size(); ++i) once(a_.networks[i].name, fmt::format("networks.{}.name", i));
    for (std::size_t i = 0; i < a_.array.spads.size(); ++i)
      once(a_.array.spads[i].name, fmt::format("array.spads.{}.name", i));
    once(a_.array.mac.name, "array.mac");
    once(a_.array.name, "array");
  }

  void buffers() {
    for (std::size_t i = 0; i < a_.buffers.size(); ++i) {
      const auto& b = a_.buffers[i];
      if (b.bank.count() < 1 || b.capacity.count() % b.bank.count() != 0) {
        error(fmt::format("buffers.{}.bank", i),
              fmt::format("{} has {} B, which is no whole number of banks of {} B", b.name, b.capacity.count(),
                          b.bank.count()),
              "choose a bank that divides the capacity");
        continue;
      }
      for (std::size_t k = 0; k < b.partitions.size(); ++k)
        for (Operand t : b.partitions[k].tensors)
          if (b.bank.count() * 8 < a_.width(t).count())
            error(fmt::format("buffers.{}.bank", i),
                  fmt::format("a bank of {} has {} b, and a word of {} {} b", b.name, b.bank.count() * 8, name_of(t),
                              a_.width(t).count()),
                  "make banks at least as wide as their words");
      std::int64_t used = 0;
      for (const auto& p : b.partitions) used += p.banks;
      if (used > b.capacity / b.bank)
        error(fmt::format("buffers.{}.partitions", i),
              fmt::format("the partitions of {} take {} banks, and it has {}", b.name, used, b.capacity / b.bank),
              "take fewer banks or make the buffer larger");
    }
  }

  /// Each tensor has exactly one partition, one spad and one network for each way that it must go.
  void ways() {
    for (Operand t : kAllOperands) {
      std::int64_t homes = 0;
      for (const auto& b : a_.buffers)
        for (const auto& p : b.partitions) homes += std::ranges::count(p.tensors, t);
      exactly_one(homes, "buffers", fmt::format("partitions that hold {}", name_of(t)));
      exactly_one(std::ranges::count(a_.array.spads, t, &Spad::tensor), "array.spads",
                  fmt::format("spads for {}", name_of(t)));
      one_network(NocRole::Deliver, t);
    }
    one_network(NocRole::Collect, Operand::Output);
    one_network(NocRole::Forward, Operand::Output);
    for (std::size_t i = 0; i < a_.networks.size(); ++i) {
      const auto& n = a_.networks[i];
      const bool neighbours = n.role == NocRole::Forward && n.tensor == Operand::Input &&
                              a_.array.control == Control::Lockstep &&
                              n.kind.value_or(NocKind::Links) == NocKind::Links;
      if (n.role != NocRole::Deliver && n.tensor != Operand::Output && !neighbours)
        error(fmt::format("networks.{}", i),
              fmt::format("{} is to {} {} words, and only output words leave a PE", n.name, name_of(n.role),
                          name_of(n.tensor)),
              "write `tensor: output`");
      if (n.fifo.count() < n.width.count())
        error(fmt::format("networks.{}.fifo", i),
              fmt::format("the FIFO of {} holds {} words, and the network moves {} at once", n.name, n.fifo.count(),
                          n.width.count()),
              "make the FIFO at least as deep as the network is wide");
      if (n.ahead) ahead(n, fmt::format("networks.{}.ahead", i));
    }
  }

  /// Psums of the next pass may still be on their way out of this one.
  void ahead(const Noc& n, const std::string& path) {
    if (n.role != NocRole::Deliver || n.tensor == Operand::Output)
      error(path, fmt::format("{} sends no words to PEs that could come before their pass", n.name),
            "only networks that deliver ifmap or filter words send ahead");
    else if (a_.array.control == Control::Lockstep)
      error(path, fmt::format("{} is of an array in lockstep, whose networks go on by `overlap`", n.name),
            "leave `ahead` out; write `overlap: true` under array.lockstep");
  }

  void one_network(NocRole role, Operand t) {
    exactly_one(std::ranges::count_if(a_.networks, [&](const Noc& n) { return n.role == role && n.tensor == t; }),
                "networks", fmt::format("networks that {} {}", name_of(role), name_of(t)));
  }

  /// What only PEs that make every step together can have.
  void autonomous() {
    if (a_.array.lockstep != Lockstep{})
      error("array.lockstep",
            fmt::format("{} is autonomous, and `lockstep` is about steps made together", a_.array.name),
            "leave it out, or write `control: lockstep`");
    for (std::size_t i = 0; i < a_.networks.size(); ++i) {
      const auto& n = a_.networks[i];
      wiring(n, fmt::format("networks.{}.kind", i));
      if (n.latency.count() == 0)
        error(fmt::format("networks.{}.latency", i),
              fmt::format("{} has no latency, and a word that a FIFO takes is seen a cycle later", n.name),
              "make the latency at least 1 cycle, or write `control: lockstep`");
    }
  }

  void wiring(const Noc& n, const std::string& path) {
    const auto kind = n.wiring();
    const auto possible = autonomous_kinds(n.role);
    if (std::ranges::count(possible, kind)) return;
    const auto problem = fmt::format("{} is of kind {}", n.name, name_of(kind));
    if (kind == NocKind::Systolic) return error(path, problem, "systolic networks need control: lockstep");
    if (kind == NocKind::AdderTree)
      return error(path, problem, "adder trees forward psums, and need control: lockstep");
    not_possible(n, path, possible);
  }

  void not_possible(const Noc& n, const std::string& path, std::span<const NocKind> possible) {
    std::string all;
    for (auto k : possible) all += fmt::format("{}{}", all.empty() ? "" : ", ", name_of(k));
    error(path, fmt::format("{} is of kind {}, which is not to {}", n.name, name_of(n.wiring()), name_of(n.role)),
          fmt::format("choose from {}", all));
  }

  void exactly_one(std::int64_t found, const std::string& path, const std::string& what) {
    if (found != 1) error(path, fmt::format("there are {} {}", found, what), "have exactly one");
  }

  /// All PEs wait together, so that nothing may come at a pace of its own.
  void lockstep() {
    for (std::size_t i = 0; i < a_.buffers.size(); ++i)
      for (std::size_t k = 0; k < a_.buffers[i].partitions.size(); ++k)
        if (a_.buffers[i].partitions[k].bypass)
          error(fmt::format("buffers.{}.partitions.{}.bypass", i, k),
                fmt::format("{} may be passed by, and an array in lockstep takes all words from buffers",
                            a_.buffers[i].partitions[k].name),
                "leave `bypass` out");
    for (std::size_t i = 0; i < a_.networks.size(); ++i) {
      const auto& n = a_.networks[i];
      if (n.role != NocRole::Deliver && n.tensor != Operand::Output) continue;  // `ways` knows what these may be
      const auto possible = lockstep_kinds(n.role);
      const auto path = fmt::format("networks.{}.kind", i);
      if (n.wiring() == NocKind::Mesh)
        error(path, fmt::format("{} is of kind mesh, which brings words to near PEs first", n.name),
              "mesh networks need control: autonomous");
      else if (!std::ranges::count(possible, n.wiring()))
        not_possible(n, path, possible);
    }
  }

  /// Codes of filters, and zeros that take no cycle.
  void zeros() {
    if (a_.array.control == Control::Lockstep && a_.array.mac.zero_skipping != ZeroSkipping::None)
      error("array.mac.zero_skipping",
            fmt::format("{} skips zeros, and the PEs of an array in lockstep make every step together",
                        a_.array.mac.name),
            "leave it out, or write `control: autonomous`");
    const auto& code = a_.dram.compression;
    if (!code) return;
    const bool weights = std::ranges::count(code->tensors, Operand::Weight) > 0;
    if (!weights && code->codebook)
      error("dram.compression.codebook", "filters travel uncoded, and a codebook is of filters",
            "add weight to dram.compression.tensors, or leave `codebook` out");
    if (weights && code->filters == FilterCode::Plain && !code->codebook)
      error("dram.compression.filters", "plain filters without a codebook are not coded",
            "write `codebook: true`, choose run_length or csc, or take weight out of dram.compression.tensors");
    const Bits widest = std::min(kWidestIndex, a_.words.weight - Bits{1});  // wider ones are no indices
    if (weights && code->codebook && code->filters == FilterCode::RunLength && indices_in_word(*code, widest) == 0)
      error("dram.compression.word",
            fmt::format("a packed word of {} b has no room for a run of {} b, an index of up to {} b and the bit that "
                        "ends it",
                        code->word.count(), code->run.count(), widest.count()),
            fmt::format("make it {} b at least", (code->run + widest).count() + 1));
  }

  void operations() {
    if (a_.array.mac.operations.empty())
      error("array.mac.operations", "a PE has no operation", "list at least multiply_add");
    if (a_.words.psum < a_.words.output)
      error("words",
            fmt::format("psums of {} b are narrower than outputs of {} b", a_.words.psum.count(),
                        a_.words.output.count()),
            "make psums at least as wide");
  }

  const Architecture& a_;
  const YamlDocument& document_;
  Diagnostics& wrong_;
};

}  // namespace

void check(const Architecture& a, const YamlDocument& document, Diagnostics& wrong) { Check{a, document, wrong}.all(); }

Architecture read_architecture(const YamlDocument& document) {
  const auto a = read_yaml<Architecture>(document);
  Diagnostics wrong;
  check(a, document, wrong);
  wrong.raise_if_any();
  return a;
}

}  // namespace eyrie
