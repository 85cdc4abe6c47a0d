#include "interchange/timeloop_machine.hpp"

#include <fmt/format.h>

#include "interchange/timeloop_levels.hpp"

namespace eyrie {

const TimeloopBuffer& TimeloopMachine::buffer(Operand t) const {
  return *std::ranges::find_if(buffers, [&](const TimeloopBuffer& b) { return std::ranges::count(b.tensors, t) > 0; });
}

std::string TimeloopMachine::fresh(std::string name) {
  while (!taken.insert(name).second) name += "_";
  return name;
}

namespace {

class Judge {
 public:
  explicit Judge(TimeloopNodes nodes) { m_.nodes = std::move(nodes); }

  TimeloopMachine machine() && {
    for (const auto& s : m_.nodes.storages) m_.taken.insert(s.name);
    for (const auto& f : m_.nodes.fanouts) m_.taken.insert(f.name);
    m_.taken.insert(m_.nodes.mac);
    roles();
    wrong_.raise_if_any();
    mesh();
    widths();
    spads();
    buffers();
    wrong_.raise_if_any();
    return std::move(m_);
  }

 private:
  void error(const Place& where, std::string problem, std::string remedy) {
    wrong_.error(where, std::move(problem), std::move(remedy));
  }
  template <class... T>
  void note(fmt::format_string<T...> text, T&&... values) {
    m_.nodes.notes.push_back(fmt::format(text, std::forward<T>(values)...));
  }

  void roles() {
    const auto drams = std::ranges::count_if(m_.nodes.storages, &TimeloopStorage::dram);
    if (drams != 1)
      error(m_.nodes.where, fmt::format("there are {} components of class DRAM", drams), "have exactly one");
    if (m_.nodes.mac.empty()) error(m_.nodes.where, "there is no MAC", "end with a component of class intmac");
    bool inside = false, outside = false;
    for (const auto& s : m_.nodes.storages) {
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
    for (const auto& s : m_.nodes.storages)
      if (s.inside && s.keeps.size() > 1)
        error(s.where, fmt::format("{} keeps {} tensors", s.name, s.keeps.size()),
              "a scratch pad holds one tensor: write one component for each and keep one tensor there");
  }

  void once(Operand t, bool inside) {
    const TimeloopStorage* first = nullptr;
    for (const auto& s : m_.nodes.storages) {
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
    for (const auto& s : m_.nodes.storages)
      if (!s.dram && s.inside == inside && std::ranges::count(s.keeps, t)) return &s;
    return nullptr;
  }

  void mesh() {
    for (const auto& f : m_.nodes.fanouts) {
      m_.columns *= f.columns;
      m_.rows *= f.rows;
    }
    if (m_.nodes.fanouts.empty()) {
      note("nothing spreads out; the array is one PE");
      m_.array = m_.fresh("pe_array");
    } else {
      m_.array = m_.nodes.fanouts.back().name;
      const bool component =
          std::ranges::count(m_.nodes.storages, m_.array, &TimeloopStorage::name) || m_.array == m_.nodes.mac;
      if (component) m_.array = m_.fresh(m_.array + "_array");
    }
    if (m_.columns > 4096 || m_.rows > 4096)
      error(m_.nodes.where, fmt::format("the array has {} columns and {} rows", m_.columns, m_.rows),
            "at most 4096 are simulated");
  }

  void widths() {
    for (Operand t : kAllOperands) {
      const auto* spad = home(t, true);
      const auto* buffer = home(t, false);
      const auto& s = spad ? *spad : buffer ? *buffer : m_.nodes.storages.front();
      auto& bits = m_.bits[static_cast<std::size_t>(t)];
      bits = s.word;
      const std::int64_t most = t == Operand::Output ? 32 : 16;
      if (bits < 2 || bits > most)
        error(s.where, fmt::format("words of {} have {} b in {}", data_space(t), bits, s.name),
              fmt::format("write a datawidth of 2 to {}", most));
      if (spad && buffer && spad->word != buffer->word)
        note("{} have {} b in {} and {} b in {}; one width a tensor: {} b everywhere on the chip", data_space(t),
             buffer->word, buffer->name, spad->word, spad->name, bits);
    }
    m_.output_bits = std::min({m_.nodes.storages.front().word, std::int64_t{16}, m_.width(Operand::Output)});
    if (m_.output_bits < 2)
      error(m_.nodes.storages.front().where,
            fmt::format("outputs have {} b in {}", m_.output_bits, m_.nodes.storages.front().name),
            "write a datawidth of 2 or more");
  }

  void spads() {
    for (const auto& s : m_.nodes.storages)
      if (s.inside && s.keeps.size() == 1)
        m_.spads.push_back({s.name, s.keeps.front(), Words{*s.depth * (s.width / s.word)}});
      else if (s.inside)
        note("{} keeps nothing and is left out", s.name);
    for (Operand t : kAllOperands)
      if (!home(t, true)) {
        m_.spads.push_back({m_.fresh(fmt::format("{}_register", name_of(t))), t, Words{1}});
        m_.added.push_back(m_.spads.back().name);
        note("{} bypasses the PEs' memories: {} holds the one word in use", data_space(t), m_.spads.back().name);
      }
  }

  void buffers() {
    for (const auto& s : m_.nodes.storages) {
      if (s.dram || s.inside) continue;
      if (s.keeps.empty())
        note("{} keeps nothing and is left out", s.name);
      else
        m_.buffers.push_back(buffer(s));
    }
    for (Operand t : kAllOperands)
      if (!home(t, false)) m_.buffers.push_back(staging(t));
  }

  /// A bank is a row, or as many rows as a word needs and as make whole bytes: Timeloop fills to the last word.
  TimeloopBuffer buffer(const TimeloopStorage& s) {
    TimeloopBuffer b{.name = s.name, .tensors = s.keeps};
    std::int64_t word = 1, rows = 1;
    for (Operand t : s.keeps) word = std::max(word, m_.width(t));
    while (rows * s.width % 8 != 0 || rows * s.width < word) ++rows;
    b.bank = rows * s.width / 8;
    b.banks = *s.depth / rows;
    if (b.banks == 0)
      error(s.where, fmt::format("{} holds {} b, less than a word of {} b", s.name, *s.depth * s.width, word),
            "make it deeper");
    b.twice = s.buffering == 2;
    b.bypass = s.free;
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

  [[nodiscard]] std::ptrdiff_t staged() const {
    return std::ranges::count_if(kAllOperands, [&](Operand t) { return !home(t, false); });
  }

  TimeloopBuffer staging(Operand t) {
    const auto depth = std::ranges::find(m_.spads, t, &Spad::tensor)->depth;
    const auto bytes = bytes_of(Words{depth.count() * m_.rows * m_.columns}, Bits{m_.width(t)});
    TimeloopBuffer b{.name = m_.fresh(fmt::format("{}_staging", name_of(t))), .tensors = {t}, .bank = bytes.count()};
    b.bank = std::max(b.bank, ceil_div(m_.width(t), 8));
    m_.added.push_back(b.name);
    b.read = b.write = m_.buffers.empty() ? m_.columns : m_.buffers.front().read;
    b.bypass = t != Operand::Output && staged() == 1;  // one tensor may pass by, and psums only when they are done
    if (b.bypass)
      note(
          "{} bypasses all buffers: its words go straight from DRAM to the PEs; {}, {} B, is for mappings that keep it",
          data_space(t), b.name, b.bank);
    else
      note("{} bypasses all buffers: {} holds what all PEs hold of it, {} B", data_space(t), b.name, b.bank);
    return b;
  }

  TimeloopMachine m_;
  Diagnostics wrong_;
};

}  // namespace

TimeloopMachine timeloop_machine(TimeloopNodes nodes) { return Judge{std::move(nodes)}.machine(); }

}  // namespace eyrie
