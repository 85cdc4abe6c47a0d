#pragma once

// Which designs of a space are looked at, where not all of them are.

#include <cstdint>
#include <functional>
#include <vector>

#include "explore/study/parameters.hpp"

namespace eyrie {

/// May a choice be taken? Sampling draws until it has enough of those.
using Allowed = std::function<bool(const Choice&)>;

/// Every choice that is allowed, the last parameter fastest.
std::vector<Choice> full_grid(const std::vector<std::size_t>& sizes, const Allowed&);

/// So many different choices, each equally likely; fewer if there are not so many, or if in a space of more than a
/// million combinations a thousand draws for each do not find them.
std::vector<Choice> random_choices(const std::vector<std::size_t>& sizes, std::size_t count, std::int64_t seed,
                                   const Allowed&);

/// Latin hypercube (McKay, Beckman, Conover 1979) over the values of each parameter: of `count` choices each value of a
/// parameter has its share, to one. What is not allowed or there already is replaced by further hypercubes, of which as
/// many choices are taken as are missing, and what a small space still lacks by choices at random.
std::vector<Choice> latin_hypercube(const std::vector<std::size_t>& sizes, std::size_t count, std::int64_t seed,
                                    const Allowed&);

}  // namespace eyrie
