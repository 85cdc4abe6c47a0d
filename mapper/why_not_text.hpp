#pragma once

#include <string>

#include "mapper/constraint.hpp"

namespace eyrie {

/// What a constraint says: `ifmap_spad has 12 words`.
std::string problem_of(const Constraint&, const MapProblem&);
/// What a mapping needs of it: `ifmap_spad needs 13 words`.
std::string need_of(const Constraint&, std::optional<std::int64_t> value, const MapProblem&);
/// The condition under which there is a mapping: `with 13`.
std::string remedy_of(const Constraint&, std::optional<std::int64_t> value, const MapProblem&);

}  // namespace eyrie
