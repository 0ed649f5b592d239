// The part of JSON Schema (draft 2020-12) that docs/schema/report.schema.json uses.
#pragma once

#include <regex>
#include <string>
#include <vector>

#include "dawson/core/json.h"

namespace dawson::report::made {

class SchemaCheck {
 public:
  explicit SchemaCheck(core::Json schema) : root_(std::move(schema)) {}
  /// What is wrong, a line each; empty when the value is valid.
  std::vector<std::string> problems(const core::Json& value) {
    problems_.clear();
    check(value, root_, "");
    return problems_;
  }

 private:
  using Json = core::Json;

  void say(const std::string& where, const std::string& what) {
    problems_.push_back(where + ": " + what);
  }

  static bool is(const Json& value, const std::string& type) {
    if (type == "integer") return value.is_number_integer();
    if (type == "number") return value.is_number();
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_boolean();
    if (type == "array") return value.is_array();
    if (type == "object") return value.is_object();
    return type == "null" && value.is_null();
  }

  void check_type(const Json& value, const Json& type, const std::string& where) {
    bool fits = false;
    for (const Json& t : type.is_array() ? type : Json::array({type})) fits |= is(value, t);
    if (!fits) say(where, "is not of type " + type.dump());
  }

  void check_object(const Json& value, const Json& schema, const std::string& where) {
    for (const Json& key : schema.value("required", Json::array())) {
      if (!value.contains(key.get<std::string>())) say(where, "lacks " + key.dump());
    }
    const Json properties = schema.value("properties", Json::object());
    for (const auto& [key, member] : value.items()) {
      if (properties.contains(key)) {
        check(member, properties[key], where + "/" + key);
      } else if (schema.value("additionalProperties", true) == false) {
        say(where, "has unknown " + key);
      }
    }
  }

  void check(const Json& value, const Json& schema, const std::string& where) {
    for (const auto& [word, rule] : schema.items()) {
      if (word == "$ref") {
        check(value, root_.at(Json::json_pointer(rule.get<std::string>().substr(1))), where);
      } else if (word == "type") {
        check_type(value, rule, where);
      } else if (word == "const") {
        if (value != rule) say(where, "is not " + rule.dump());
      } else if (word == "enum") {
        if (std::find(rule.begin(), rule.end(), value) == rule.end()) say(where, "is none of them");
      } else if (word == "minimum") {
        if (value.is_number() && value < rule) say(where, "is too small");
      } else if (word == "exclusiveMinimum") {
        if (value.is_number() && value <= rule) say(where, "is too small");
      } else if (word == "maximum") {
        if (value.is_number() && value > rule) say(where, "is too large");
      } else if (word == "minLength") {
        if (value.is_string() && value.get<std::string>().size() < rule) say(where, "is too short");
      } else if (word == "minItems") {
        if (value.is_array() && value.size() < rule) say(where, "has too few items");
      } else if (word == "maxItems") {
        if (value.is_array() && value.size() > rule) say(where, "has too many items");
      } else if (word == "pattern") {
        if (!std::regex_search(value.get<std::string>(), std::regex(rule.get<std::string>()))) {
          say(where, "does not match " + rule.dump());
        }
      } else if (word == "items") {
        for (std::size_t i = 0; value.is_array() && i < value.size(); ++i) {
          check(value[i], rule, where + "/" + std::to_string(i));
        }
      } else if (!is_known_elsewhere(word)) {
        say(where, "the schema uses a word that this check does not know: " + word);
      }
    }
    if (value.is_object()) check_object(value, schema, where);
  }

  static bool is_known_elsewhere(const std::string& word) {
    for (const char* known : {"$schema", "$id", "$defs", "title", "description", "properties",
                              "required", "additionalProperties"}) {
      if (word == known) return true;
    }
    return false;
  }

  core::Json root_;
  std::vector<std::string> problems_;
};

}  // namespace dawson::report::made
