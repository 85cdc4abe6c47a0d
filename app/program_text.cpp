#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/program.hpp"
#include "base/grouped.hpp"

namespace eyrie {

using enum Operand;
using Json = nlohmann::json;

namespace {

constexpr std::size_t at(Operand t) { return static_cast<std::size_t>(t); }

std::string_view operation(const LayerNest& l) {
  return l.reduction == Reduction::MultiplyAdd ? "mult" : l.reduction == Reduction::Maximum ? "max" : "add";
}

std::vector<Operand> operands(const LayerNest& l) {
  return l.has_weights() ? std::vector{Weight, Input} : std::vector{Input};
}

std::string psum_in(const Instruction& i, const Architecture& a) {
  return i.read[at(Output)].op == ReadOp::Nop ? "RESET" : a.buffer(Output)->name;
}

std::string psum_out(const Instruction& i, const Architecture& a) {
  return i.activation ? "activation" : a.buffer(Output)->name;
}

/// Instructions that follow each other and differ by addresses alone, which go on in equal steps.
struct Run {
  std::int64_t number = 0, count = 1;
  Instruction first, last;
  std::array<std::int64_t, 4> step{};

  static std::array<Move*, 4> moves(Instruction& i) {
    return {&i.read[0].load, &i.read[1].load, &i.read[2].load, &i.store};
  }

  bool takes(Instruction next) {
    Instruction mine = last, theirs = next;
    const auto a = moves(mine), b = moves(theirs);
    std::array<std::int64_t, 4> apart{};
    for (std::size_t k = 0; k < a.size(); ++k) {
      apart[k] = (b[k]->address - a[k]->address).count();
      a[k]->address = b[k]->address = {};
    }
    if (!(mine == theirs) || (count > 1 && apart != step)) return false;
    step = apart;
    last = std::move(next);
    ++count;
    return true;
  }
};

struct Column {
  std::string group, head;
  std::vector<std::string> cells;
};

/// The columns of a table, built a row at a time: the n-th call in each row is the n-th column.
class Columns {
 public:
  void row() { next_ = 0; }
  void cell(const std::string& group, const std::string& head, std::string text) {
    if (next_ == columns_.size()) columns_.push_back({group, head, {}});
    columns_[next_++].cells.push_back(std::move(text));
  }
  /// Without columns that are empty throughout.
  std::string text() {
    std::erase_if(columns_, [](const Column& c) {
      return std::ranges::all_of(c.cells, [](const std::string& s) { return s.empty(); });
    });
    std::vector<std::string> lines(2 + (columns_.empty() ? 0 : columns_.front().cells.size()));
    std::string group;
    for (const auto& c : columns_) {
      const bool begins = c.group != group;
      group = c.group;
      auto width = c.head.size();
      for (const auto& s : c.cells) width = std::max(width, s.size());
      const auto gap = begins ? 2 : 0;
      const auto from = lines[1].size() + (lines[1].empty() ? 0 : static_cast<std::size_t>(gap + 1));
      if (begins) lines[0] += fmt::format("{:{}}{}", "", from > lines[0].size() ? from - lines[0].size() : 1, c.group);
      lines[1] += fmt::format("{:{}}{:>{}}", "", from - lines[1].size(), c.head, width);
      for (std::size_t r = 0; r < c.cells.size(); ++r)
        lines[r + 2] += fmt::format("{:{}}{:>{}}", "", from - lines[r + 2].size(), c.cells[r], width);
    }
    std::string all;
    for (auto& l : lines) all += l.substr(0, l.find_last_not_of(' ') + 1) + "\n";
    return all;
  }

 private:
  std::vector<Column> columns_;
  std::size_t next_ = 0;
};

std::string address(const Move& m, std::int64_t step) {
  return step == 0 ? fmt::format("{}", m.address.count()) : fmt::format("{} {:+}", m.address.count(), step);
}

void add_move(Columns& columns, const std::string& group, bool there, const Move& m, std::int64_t step) {
  columns.cell(group, "address", there ? address(m, step) : "");
  columns.cell(group, "size", there ? fmt::format("{}", m.size.count()) : "");
}

void add(Columns& columns, const Run& run, const LayerNest& l, const Architecture& a) {
  const auto& i = run.first;
  columns.row();
  columns.cell("", "first", fmt::format("{}", run.number));
  columns.cell("", "times", run.count > 1 ? fmt::format("x {}", run.count) : "");
  columns.cell("", "control", i.end ? "END" : "-");
  for (Operand t : operands(l)) {
    const auto group = fmt::format("{}: {}", a.buffer(t)->name, name_of(t));
    const auto& slot = i.read[at(t)];
    columns.cell(group, "op", std::string(name_of(slot.op)));
    columns.cell(group, "reuse", slot.reuse ? "1" : "0");
    add_move(columns, group, slot.op == ReadOp::Load, slot.load, run.step[at(t)]);
  }
  const auto group = fmt::format("{}: {}", a.buffer(Output)->name, name_of(Output));
  columns.cell(group, "read", std::string(name_of(i.read[at(Output)].op)));
  add_move(columns, group, i.read[at(Output)].op == ReadOp::Load, i.read[at(Output)].load, run.step[at(Output)]);
  columns.cell(group, "write", std::string(name_of(i.write)));
  add_move(columns, group, i.write == WriteOp::Store, i.store, run.step[3]);
  columns.cell(a.array.name, "op", std::string(operation(l)));
  columns.cell(a.array.name, "in", psum_in(i, a));
  columns.cell(a.array.name, "out", psum_out(i, a));
  columns.cell(a.array.name, "steps", fmt::format("{}", i.steps));
}

/// Hands over the first `limit` instructions (0: all) with their numbers, and says how many there are in all.
template <class Take>
std::int64_t each(Program& program, std::int64_t limit, Take take) {
  std::int64_t number = 0;
  while (const auto i = program.next()) {
    if (limit == 0 || number < limit) take(number, *i);
    ++number;
  }
  return number;
}

Json move_json(const Move& m) { return {{"address_bytes", m.address.count()}, {"size_bytes", m.size.count()}}; }

Json instruction_json(const Instruction& i, const LayerNest& l, const Architecture& a) {
  Json j{{"end", i.end}};
  for (Operand t : operands(l)) {
    const auto& slot = i.read[at(t)];
    Json& out = j[std::string(name_of(t))] = {
        {"buffer", a.buffer(t)->name}, {"read_op", std::string(name_of(slot.op))}, {"reuse", slot.reuse}};
    if (slot.op == ReadOp::Load) out["load"] = move_json(slot.load);
  }
  const auto& psums = i.read[at(Output)];
  Json& out = j["output"] = {{"buffer", a.buffer(Output)->name},
                             {"read_op", std::string(name_of(psums.op))},
                             {"write_op", std::string(name_of(i.write))}};
  if (psums.op == ReadOp::Load) out["load"] = move_json(psums.load);
  if (i.write == WriteOp::Store) out["store"] = move_json(i.store);
  j["array"] = {
      {"op", std::string(operation(l))}, {"psum_in", psum_in(i, a)}, {"psum_out", psum_out(i, a)}, {"steps", i.steps}};
  return j;
}

std::string csv_move(bool there, const Move& m) {
  return there ? fmt::format("{},{}", m.address.count(), m.size.count()) : std::string(",");
}

}  // namespace

std::string program_table(Program program, const ProgramHead& head, const LayerNest& l, const Architecture& a,
                          std::int64_t limit) {
  std::vector<Run> runs;
  std::int64_t shown = 0;
  const auto all = each(program, limit, [&](std::int64_t number, const Instruction& i) {
    shown = number + 1;
    if (runs.empty() || !runs.back().takes(i)) runs.push_back({.number = number, .first = i, .last = i});
  });
  Columns columns;
  for (const auto& run : runs) add(columns, run, l, a);
  auto text = fmt::format("{} of {} on {}, batch {}; {}\n{} instructions, one a pass{}\n\n{}", head.layer,
                          head.workload, a.name, head.batch, head.origin, grouped(all, ","),
                          shown < all ? fmt::format("; the first {}", grouped(shown, ",")) : "", columns.text());
  return text + "\naddress, size: bytes, in the tensor as it lies in DRAM; A +D: D further each time\n";
}

std::string program_csv(Program program, const LayerNest& l, const Architecture& a, std::int64_t limit) {
  std::string text = "instruction,end";
  for (Operand t : operands(l))
    text += fmt::format(",{0}_read_op,{0}_reuse,{0}_address_bytes,{0}_size_bytes", name_of(t));
  text +=
      ",output_read_op,output_load_address_bytes,output_load_size_bytes,output_write_op,output_store_address_bytes,"
      "output_store_size_bytes,op,psum_in,psum_out,steps\n";
  each(program, limit, [&](std::int64_t number, const Instruction& i) {
    text += fmt::format("{},{}", number, i.end ? 1 : 0);
    for (Operand t : operands(l)) {
      const auto& slot = i.read[at(t)];
      text +=
          fmt::format(",{},{},{}", name_of(slot.op), slot.reuse ? 1 : 0, csv_move(slot.op == ReadOp::Load, slot.load));
    }
    const auto& psums = i.read[at(Output)];
    text += fmt::format(",{},{},{},{},{},{},{},{}\n", name_of(psums.op), csv_move(psums.op == ReadOp::Load, psums.load),
                        name_of(i.write), csv_move(i.write == WriteOp::Store, i.store), operation(l), psum_in(i, a),
                        psum_out(i, a), i.steps);
  });
  return text;
}

std::string program_json(Program program, const ProgramHead& head, const LayerNest& l, const Architecture& a,
                         std::int64_t limit) {
  Json j{{"schema", "eyrie.program/1"},  {"architecture", a.name}, {"workload", head.workload},
         {"layer", head.layer},          {"batch", head.batch},    {"mapping_origin", head.origin},
         {"instructions", Json::array()}};
  j["passes"] = each(program, limit, [&](std::int64_t, const Instruction& i) {
    j["instructions"].push_back(instruction_json(i, l, a));
  });
  return j.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace eyrie
