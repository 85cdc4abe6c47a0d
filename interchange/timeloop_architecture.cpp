#include "interchange/timeloop_architecture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/quantities.hpp"
#include "interchange/timeloop_levels.hpp"
#include "interchange/timeloop_nodes.hpp"

namespace eyrie {

namespace {

// What Timeloop doesn't say (docs/timeloop.md lists these with their reasons).
constexpr double kTechnology = 65;  // nm: that of the energy table
constexpr double kFrequency = 1e9;  // Hz: what Timeloop's GFLOPs are counted at
constexpr std::int64_t kFifo = 4;   // words, and at least twice what the network moves at once
constexpr std::string_view kEnergyTable = "eyeriss_65nm";

/// A buffer of Eyrie with one partition.
struct Buffer {
  std::string name;
  std::vector<Operand> tensors;
  std::int64_t bank = 1, banks = 1;  // bytes; number
  std::int64_t read = 1, write = 1;  // words a cycle
  bool twice = false;
};

class Machine {
 public:
  Machine(TimeloopNodes nodes, Diagnostics& wrong) : n_{std::move(nodes)}, wrong_{wrong} {}

  TimeloopArchitecture build() {
    for (const auto& s : n_.storages) taken_.insert(s.name);
    for (const auto& f : n_.fanouts) taken_.insert(f.name);
    taken_.insert(n_.mac);
    roles();
    wrong_.raise_if_any();
    mesh();
    widths();
    spads();
    buffers();
    wrong_.raise_if_any();
    return write();
  }

 private:
  void error(const Place& where, std::string problem, std::string remedy) {
    wrong_.error(where, std::move(problem), std::move(remedy));
  }
  template <class... T>
  void note(fmt::format_string<T...> text, T&&... values) {
    n_.notes.push_back(fmt::format(text, std::forward<T>(values)...));
  }

  /// A name for a component that Timeloop doesn't have.
  std::string fresh(std::string name) {
    while (!taken_.insert(name).second) name += "_";
    return name;
  }

  void roles() {
    const auto drams = std::ranges::count_if(n_.storages, &TimeloopStorage::dram);
    if (drams != 1) error(n_.where, fmt::format("there are {} components of class DRAM", drams), "have exactly one");
    if (n_.mac.empty()) error(n_.where, "there is no MAC", "end with a component of class intmac");
    bool inside = false, outside = false;
    for (const auto& s : n_.storages) {
      if (s.dram && (inside || outside))
        error(s.where, fmt::format("{} is not outermost", s.name), "put the DRAM first");
      if (s.dram && s.keeps.size() != kAllOperands.size())
        error(s.where, fmt::format("{} does not keep all tensors", s.name), "every tensor begins and ends there");
      if (!s.dram && !s.inside && inside)
        error(s.where, fmt::format("the buffer {} stands inside of a register file", s.name),
              "put buffers outside of the PE array");
      inside = inside || s.inside;
      outside = outside || (!s.dram && !s.inside);
    }
    for (Operand t : kAllOperands) {
      once(t, false);
      once(t, true);
    }
    for (const auto& s : n_.storages)
      if (s.inside && s.keeps.size() > 1)
        error(s.where, fmt::format("{} keeps {} tensors", s.name, s.keeps.size()),
              "a scratch pad holds one tensor: write one component for each and keep one tensor there");
  }

  void once(Operand t, bool inside) {
    const TimeloopStorage* first = nullptr;
    for (const auto& s : n_.storages) {
      if (s.dram || s.inside != inside || !std::ranges::count(s.keeps, t)) continue;
      if (first)
        error(s.where, fmt::format("{} is kept in {} and in {}", data_space(t), first->name, s.name),
              inside ? "a tensor has one scratch pad: let it bypass one of them"
                     : "a tensor has one buffer: let it bypass one of them");
      else
        first = &s;
    }
  }

  [[nodiscard]] const TimeloopStorage* home(Operand t, bool inside) const {
    for (const auto& s : n_.storages)
      if (!s.dram && s.inside == inside && std::ranges::count(s.keeps, t)) return &s;
    return nullptr;
  }

  void mesh() {
    for (const auto& f : n_.fanouts) {
      columns_ *= f.columns;
      rows_ *= f.rows;
    }
    if (n_.fanouts.empty()) {
      note("nothing spreads out; the array is one PE");
      array_ = fresh("pe_array");
    } else {
      array_ = n_.fanouts.back().name;
      const bool component = std::ranges::count(n_.storages, array_, &TimeloopStorage::name) || array_ == n_.mac;
      if (component) array_ = fresh(array_ + "_array");
    }
    if (columns_ > 4096 || rows_ > 4096)
      error(n_.where, fmt::format("the array has {} columns and {} rows", columns_, rows_),
            "at most 4096 are simulated");
  }

  void widths() {
    for (Operand t : kAllOperands) {
      const auto* spad = home(t, true);
      const auto* buffer = home(t, false);
      const auto& s = spad ? *spad : buffer ? *buffer : n_.storages.front();
      auto& bits = bits_[static_cast<std::size_t>(t)];
      bits = s.word;
      const std::int64_t most = t == Operand::Output ? 32 : 16;
      if (bits < 2 || bits > most)
        error(s.where, fmt::format("words of {} have {} b in {}", data_space(t), bits, s.name),
              fmt::format("write a datawidth of 2 to {}", most));
      if (spad && buffer && spad->word != buffer->word)
        note("{} have {} b in {} and {} b in {}; one width a tensor: {} b everywhere on the chip", data_space(t),
             buffer->word, buffer->name, spad->word, spad->name, bits);
    }
    output_ = std::min({n_.storages.front().word, std::int64_t{16}, bits(Operand::Output)});
    if (output_ < 2)
      error(n_.storages.front().where, fmt::format("outputs have {} b in {}", output_, n_.storages.front().name),
            "write a datawidth of 2 or more");
  }

  [[nodiscard]] std::int64_t bits(Operand t) const { return bits_[static_cast<std::size_t>(t)]; }

  void spads() {
    for (const auto& s : n_.storages)
      if (s.inside && s.keeps.size() == 1)
        spads_.push_back({s.name, s.keeps.front(), Words{*s.depth * (s.width / s.word)}});
      else if (s.inside)
        note("{} keeps nothing and is left out", s.name);
    for (Operand t : kAllOperands)
      if (!home(t, true)) {
        spads_.push_back({fresh(fmt::format("{}_register", name_of(t))), t, Words{1}});
        added_.push_back(spads_.back().name);
        note("{} bypasses the PEs' memories: {} holds the one word in use", data_space(t), spads_.back().name);
      }
  }

  void buffers() {
    for (const auto& s : n_.storages) {
      if (s.dram || s.inside) continue;
      if (s.keeps.empty())
        note("{} keeps nothing and is left out", s.name);
      else
        buffers_.push_back(buffer(s));
    }
    for (Operand t : kAllOperands)
      if (!home(t, false)) buffers_.push_back(staging(t));
  }

  /// A bank is a row, or as many rows as a word needs and as make whole bytes: Timeloop fills to the last word.
  Buffer buffer(const TimeloopStorage& s) {
    Buffer b{.name = s.name, .tensors = s.keeps};
    std::int64_t word = 1, rows = 1;
    for (Operand t : s.keeps) word = std::max(word, bits(t));
    while (rows * s.width % 8 != 0 || rows * s.width < word) ++rows;
    b.bank = rows * s.width / 8;
    b.banks = *s.depth / rows;
    if (b.banks == 0)
      error(s.where, fmt::format("{} holds {} b, less than a word of {} b", s.name, *s.depth * s.width, word),
            "make it deeper");
    b.twice = s.buffering == 2;
    b.read = bandwidth(s.read, s, "read");
    b.write = bandwidth(s.write, s, "write");
    return b;
  }

  std::int64_t bandwidth(const std::optional<double>& given, const TimeloopStorage& s, std::string_view way) {
    if (!given) {
      note("{} has no {} bandwidth, which is without bound in Timeloop; {} words a cycle, a row, are taken", s.name,
           way, s.width / s.word);
      return s.width / s.word;
    }
    const auto words = std::clamp<std::int64_t>(static_cast<std::int64_t>(std::min(*given, 1e6)), 1, 1'000'000);
    if (static_cast<double>(words) != *given)
      note("{} of {} are {} words a cycle; {} are taken", way, s.name, *given, words);
    return words;
  }

  Buffer staging(Operand t) {
    const auto depth = std::ranges::find(spads_, t, &Spad::tensor)->depth;
    const auto bytes = bytes_of(Words{depth.count() * rows_ * columns_}, Bits{bits(t)});
    Buffer b{.name = fresh(fmt::format("{}_staging", name_of(t))), .tensors = {t}, .bank = bytes.count()};
    b.bank = std::max(b.bank, ceil_div(bits(t), 8));
    added_.push_back(b.name);
    b.read = b.write = buffers_.empty() ? columns_ : buffers_.front().read;
    note("{} bypasses all buffers: {} holds what all PEs hold of it, {} B", data_space(t), b.name, b.bank);
    return b;
  }

  [[nodiscard]] const Buffer& buffer_of(Operand t) const {
    return *std::ranges::find_if(buffers_, [&](const Buffer& b) { return std::ranges::count(b.tensors, t) > 0; });
  }

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
        fresh(std::string(name)), role, name_of(t), width, std::max(kFifo, 2 * width));
  }

  std::string networks() {
    std::string text;
    for (Operand t : kAllOperands)
      text += network(fmt::format("{}_network", t == Operand::Output ? "psum_in" : name_of(t)), "deliver", t,
                      buffer_of(t).read);
    const auto out = buffer_of(Operand::Output).write;
    return text + network("psum_out_network", "collect", Operand::Output, out) +
           network("psum_link", "forward", Operand::Output, out);
  }

  std::string body() {
    const auto& dram = n_.storages.front();
    std::string text = fmt::format("dram: {{name: {}, clock: core, bandwidth: {}, latency: 0 cycles}}\nbuffers:\n",
                                   dram.name, write_quantity(dram_bandwidth(dram), Dimension::BytesPerCycle));
    for (const auto& b : buffers_)
      text += fmt::format(
          "- name: {0}\n  capacity: {1} B\n  bank: {2} B\n  partitions:\n  - {{name: {0}, tensors: [{3}], banks: {4}, "
          "double_buffered: {5}, read: {6} words/cycle, write: {7} words/cycle, initial_psums: false}}\n",
          b.name, b.bank * b.banks, b.bank, tensors(b.tensors), b.banks, b.twice, b.read, b.write);
    text += "networks:\n" + networks();
    text += fmt::format("array:\n  name: {}\n  rows: {}\n  columns: {}\n  spads:\n", array_, rows_, columns_);
    for (const auto& s : spads_)
      text +=
          fmt::format("  - {{name: {}, tensor: {}, depth: {} words}}\n", s.name, name_of(s.tensor), s.depth.count());
    return text +
           fmt::format("  mac: {{name: {}, pipeline: 1 cycles, zero_gating: false, operations: [multiply_add]}}\n",
                       n_.mac);
  }

  std::string head() {
    if (!n_.technology_nm) note("no technology is given; {} nm are taken", kTechnology);
    if (!n_.cycle_seconds) note("no global_cycle_seconds are given; the clock is 1 GHz");
    note("energy is priced with {}; set `energy_table` to another", kEnergyTable);
    note(
        "FIFOs of networks, their latency of 1 cycle, a MAC pipeline of 1 cycle and a DRAM without latency are chosen");
    return fmt::format(
        "kind: architecture\nname: {}\ntitle: {}, from a Timeloop v4 architecture\nsource: Timeloop v4 "
        "architecture\ntechnology: {}\nenergy_table: {}\nclocks:\n- {{name: core, frequency: {}}}\nwords: {{input: {} "
        "b, "
        "weight: {} b, psum: {} b, output: {} b}}\n",
        n_.name.empty() ? "timeloop" : n_.name, n_.name.empty() ? "timeloop" : n_.name,
        write_quantity(n_.technology_nm.value_or(kTechnology), Dimension::Nanometres), kEnergyTable,
        write_quantity(n_.cycle_seconds ? 1 / *n_.cycle_seconds : kFrequency, Dimension::Hertz), bits(Operand::Input),
        bits(Operand::Weight), bits(Operand::Output), output_);
  }

  TimeloopArchitecture write() {
    auto text = head();
    text += body();
    std::string comments;
    for (auto line : n_.notes) {
      std::ranges::replace_if(
          line, [](unsigned char c) { return c < ' '; }, ' ');
      comments += "# " + line + "\n";
    }
    TimeloopArchitecture result{.yaml = comments + text, .fanouts = n_.fanouts, .added = added_, .notes = n_.notes};
    result.architecture = read_architecture(YamlDocument::from_text(result.yaml, n_.where.file));
    return result;
  }

  TimeloopNodes n_;
  Diagnostics& wrong_;
  std::set<std::string> taken_;
  std::int64_t rows_ = 1, columns_ = 1, output_ = 16;
  std::array<std::int64_t, 3> bits_{16, 16, 16};
  std::string array_;
  std::vector<Spad> spads_;
  std::vector<Buffer> buffers_;
  std::vector<std::string> added_;
};

}  // namespace

TimeloopArchitecture read_timeloop_architecture(const YamlDocument& document) {
  Diagnostics wrong;
  auto nodes = read_timeloop_nodes(document, wrong);
  wrong.raise_if_any();
  return Machine{std::move(nodes), wrong}.build();
}

}  // namespace eyrie
