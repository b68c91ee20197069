-- Turns the blocks of a topic into a page or into slides; which languages and whether solutions, the metadata say.
local function is(block, class) return block.t == "Div" and block.classes:includes(class) end

local function solution_of(div)
  local made = pandoc.List({ pandoc.RawBlock("html",
    '<details class="' .. table.concat(div.classes, " ") .. '"><summary>Solution</summary>') })
  made:extend(div.content)
  made:insert(pandoc.RawBlock("html", "</details>"))
  return made
end

-- An exercise of a deck: its task, then its solution on a slide of its own.
local function task_and_solution(block, title, out)
  local solutions = pandoc.List()
  out:insert(block:walk({ Div = function(div)
    if is(div, "solution") then
      solutions:insert(div)
      return {}
    end
  end }))
  if #solutions == 0 then return end
  local heading = title and title.content:clone() or pandoc.List()
  heading:extend({ pandoc.Str(":"), pandoc.Space(), pandoc.Str("solution") })
  out:insert(pandoc.Header(2, heading))
  out:extend(solutions)
end

local function notes(div)
  if not is(div, "text") then return end
  div.classes = pandoc.List({ "notes" })
  return div
end

local function deck(blocks)
  local out, title = pandoc.List(), nil
  for _, block in ipairs(blocks) do
    if block.t == "Header" then title = block end
    if is(block, "slide") then out:extend(block.content)
    elseif is(block, "slide-break") then
      out:insert(title and pandoc.Header(2, title.content:clone()) or pandoc.HorizontalRule())
    elseif is(block, "exercise") then task_and_solution(block, title, out)
    else out:insert(block) end
  end
  return out
end

local function page(div)
  if is(div, "slide-break") or is(div, "slide") then return {} end
  if is(div, "text") then return div.content end
  if is(div, "solution") then return solution_of(div) end
end

function Pandoc(doc)
  local languages = pandoc.utils.stringify(doc.meta["course-languages"] or "r python")
  local solutions = pandoc.utils.stringify(doc.meta["course-solutions"] or "yes") == "yes"
  local function left_out(div)
    for _, language in ipairs({ "r", "python" }) do
      if is(div, "lang-" .. language) and not (" " .. languages .. " "):find(" " .. language .. " ", 1, true) then
        return {}
      end
    end
    if is(div, "solution") and not solutions then return {} end
  end
  doc = doc:walk({ Div = left_out })
  if FORMAT:match("revealjs") then return pandoc.Pandoc(deck(doc:walk({ Div = notes }).blocks), doc.meta) end
  return doc:walk({ Div = page })
end
