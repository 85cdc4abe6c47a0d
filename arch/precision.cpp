#include "arch/precision.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace eyrie {

WordFit fit_of(Bits data, Bits machine, Packing packing) {
  if (data > machine) {
    const auto takes = ceil_div(data.count(), machine.count());
    return {.share = {.holds = 1, .takes = takes}, .stored = machine * takes};
  }
  const auto holds = packing == Packing::Packed ? machine / data : 1;
  return {.share = {.holds = holds, .takes = 1}, .stored = Bits{ceil_div(machine.count(), holds)}};
}

namespace {

class Deriver {
 public:
  Deriver(const Architecture& base, const Widths& data, Packing packing)
      : base_{base}, data_{data}, packing_{packing}, a_{base} {}

  Architecture derive() {
    check();
    wrong_.raise_if_any();
    for (Operand t : kAllOperands) a_.port_share[static_cast<std::size_t>(t)] = fit(t).share;
    a_.words = {.input = fit(Operand::Input).stored,
                .weight = fit(Operand::Weight).stored,
                .psum = fit(Operand::Output).stored,
                .output = fit_of(data_.output, base_.words.output, packing_).stored};
    ports();
    networks();
    for (auto& s : a_.array.spads)
      s.depth = Words{shared(s.depth.count(), s.tensor, fmt::format("{} of {} words", s.name, s.depth.count()))};
    coder();
    wrong_.raise_if_any();
    return std::move(a_);
  }

 private:
  /// Of output: its psums.
  [[nodiscard]] Bits data(Operand t) const {
    return t == Operand::Input ? data_.input : t == Operand::Weight ? data_.weight : data_.psum;
  }
  [[nodiscard]] WordFit fit(Operand t) const { return fit_of(data(t), base_.width(t), packing_); }
  static std::string_view word(Operand t) {
    return t == Operand::Input ? "an ifmap word" : t == Operand::Weight ? "a filter word" : "a psum";
  }
  void error(std::string problem, std::string remedy) {
    wrong_.error(base_.where, std::move(problem), std::move(remedy));
  }

  void check() {
    const std::pair<const char*, Bits> all[] = {
        {"inputs", data_.input}, {"weights", data_.weight}, {"psums", data_.psum}, {"outputs", data_.output}};
    for (const auto& [what, bits] : all)
      if (bits < Bits{1} || bits > Bits{32})
        error(fmt::format("{} of {} b are no words", what, bits.count()), "choose from 1 to 32 b");
    if (data_.psum < data_.output)
      error(fmt::format("psums of {} b are narrower than outputs of {} b", data_.psum.count(), data_.output.count()),
            "make psums at least as wide");
    for (const auto t : {Operand::Input, Operand::Weight})
      if (data(t) > base_.width(t))
        error(fmt::format("{} has {} b, and the multipliers of {} take {} b", word(t), data(t).count(), base_.name,
                          base_.width(t).count()),
              "choose narrower words, or a machine of wider ones");
  }

  /// Data words in so many of the machine's; an error if it is none.
  std::int64_t shared(std::int64_t machine_words, Operand t, const std::string& what) {
    const auto words = fit(t).share(machine_words);
    if (words < 1)
      error(fmt::format("{} {} is too small for {} of {} b, which takes {} words of {} b", base_.name, what, word(t),
                        data(t).count(), fit(t).share.takes, base_.width(t).count()),
            fmt::format("choose words of at most {} b, or a machine of wider ones",
                        machine_words * base_.width(t).count()));
    return words;
  }

  void ports() {
    for (const auto& b : base_.buffers)
      for (const auto& p : b.partitions)
        for (Operand t : p.tensors) {
          (void)shared(p.read.count(), t, fmt::format("{}'s port of {} words a cycle", p.name, p.read.count()));
          (void)shared(p.write.count(), t, fmt::format("{}'s port of {} words a cycle", p.name, p.write.count()));
          if (b.bank.count() * 8 < a_.width(t).count())
            error(fmt::format("a bank of {} has {} b, and {} takes {} b", b.name, b.bank.count() * 8, word(t),
                              a_.width(t).count()),
                  "choose narrower words");
        }
  }

  void networks() {
    for (auto& n : a_.networks) {
      n.width = WordsPerCycle{
          shared(n.width.count(), n.tensor, fmt::format("{} of {} words a cycle", n.name, n.width.count()))};
      n.fifo = Words{shared(n.fifo.count(), n.tensor, fmt::format("{}'s FIFO of {} words", n.name, n.fifo.count()))};
    }
  }

  /// Bits of a level: of the wider of the tensors that travel coded.
  static Bits level(const RunLengthCode& code, const Widths& w) {
    Bits widest{1};
    for (Operand t : code.tensors)
      widest = std::max(widest, t == Operand::Input ? w.input : t == Operand::Weight ? w.weight : w.output);
    return widest;
  }

  /// A word of the code has the pairs that fit beside what was no pair before (Eyeriss: a terminator bit).
  void coder() {
    if (!a_.dram.compression) return;
    auto& code = *a_.dram.compression;
    const auto before = level(code, base_.words);
    const auto now = packing_ == Packing::Packed ? level(code, data_) : std::max(before, level(code, data_));
    if (now == before) return;
    const auto rest = std::max<std::int64_t>(0, code.word.count() - code.pairs * (code.run + before).count());
    code.pairs = (code.word.count() - rest) / (code.run + now).count();
    if (code.pairs < 1)
      error(fmt::format("a word of the zero-run code of {} has {} b, and a pair {} b", base_.name, code.word.count(),
                        (code.run + now).count()),
            "choose narrower words");
  }

  const Architecture& base_;
  const Widths& data_;
  Packing packing_;
  Architecture a_;
  Diagnostics wrong_;
};

}  // namespace

Architecture at_precision(const Architecture& base, const Widths& data, Packing packing) {
  return Deriver{base, data, packing}.derive();
}

}  // namespace eyrie
