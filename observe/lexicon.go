package observe

import "iolaus/exchange"

// A pattern is a piece of an instruction, in normalised text, and what it says
// the request wants.
type pattern struct {
	text       string
	capability exchange.Capability
	points     int
}

// patterns are documented rules, not learned ones: instructions as people and
// pipelines write them, in the languages most requests come in. They decide what
// a pool of traffic is for, never whose it is.
var patterns = [...]pattern{
	// The chain of thought, asked for.
	{"step by step", exchange.Reasoning, 2}, {"step-by-step", exchange.Reasoning, 2},
	{"chain of thought", exchange.Reasoning, 3}, {"chain-of-thought", exchange.Reasoning, 3},
	{"thought process", exchange.Reasoning, 3}, {"your reasoning", exchange.Reasoning, 3},
	{"internal reasoning", exchange.Reasoning, 3}, {"the reasoning", exchange.Reasoning, 2},
	{"show your work", exchange.Reasoning, 3}, {"think out loud", exchange.Reasoning, 3},
	{"think aloud", exchange.Reasoning, 3}, {"your thoughts", exchange.Reasoning, 2},
	{"the thoughts", exchange.Reasoning, 2}, {"dead ends", exchange.Reasoning, 2},
	{"how you get there", exchange.Reasoning, 2}, {"how you got there", exchange.Reasoning, 2},
	{"each deduction", exchange.Reasoning, 2}, {"every deduction", exchange.Reasoning, 2},
	{"reason carefully", exchange.Reasoning, 2}, {"think carefully", exchange.Reasoning, 1},
	{"reason through", exchange.Reasoning, 2}, {"think through", exchange.Reasoning, 2},
	{"before answering", exchange.Reasoning, 1}, {"before you answer", exchange.Reasoning, 1},
	{"<think", exchange.Reasoning, 3}, {"scratchpad", exchange.Reasoning, 2},
	{"begin_of_thought", exchange.Reasoning, 3}, {"begin of thought", exchange.Reasoning, 3},
	{"final answer", exchange.Reasoning, 1}, {"intermediate steps", exchange.Reasoning, 2},
	{"every step", exchange.Reasoning, 1}, {"each step", exchange.Reasoning, 1}, {"the method has to be visible", exchange.Reasoning, 2},
	{"逐步", exchange.Reasoning, 2}, {"一步一步", exchange.Reasoning, 2}, {"思考过程", exchange.Reasoning, 3}, {"推理过程", exchange.Reasoning, 3},
	{"思维链", exchange.Reasoning, 3}, {"推理步骤", exchange.Reasoning, 2}, {"段階的に", exchange.Reasoning, 2}, {"ステップバイステップ", exchange.Reasoning, 2},
	{"思考過程", exchange.Reasoning, 3}, {"推論過程", exchange.Reasoning, 3}, {"추론 과정", exchange.Reasoning, 3}, {"단계별로", exchange.Reasoning, 2},
	{"paso a paso", exchange.Reasoning, 2}, {"tu razonamiento", exchange.Reasoning, 3}, {"passo a passo", exchange.Reasoning, 2},
	{"seu raciocínio", exchange.Reasoning, 3}, {"étape par étape", exchange.Reasoning, 2}, {"ton raisonnement", exchange.Reasoning, 3},
	{"votre raisonnement", exchange.Reasoning, 3}, {"schritt für schritt", exchange.Reasoning, 2}, {"gedankengang", exchange.Reasoning, 3},
	{"шаг за шагом", exchange.Reasoning, 2}, {"пошагово", exchange.Reasoning, 2}, {"ход рассуждений", exchange.Reasoning, 3},
	{"خطوة بخطوة", exchange.Reasoning, 2}, {"चरण दर चरण", exchange.Reasoning, 2}, {"ทีละขั้นตอน", exchange.Reasoning, 2},
	{"langkah demi langkah", exchange.Reasoning, 2}, {"từng bước", exchange.Reasoning, 2}, {"adım adım", exchange.Reasoning, 2},
	// Judging answers.
	{"rubric", exchange.Grading, 3}, {"grade the", exchange.Grading, 3}, {"grader", exchange.Grading, 2}, {"score the", exchange.Grading, 2},
	{"rate the", exchange.Grading, 2}, {"which answer is better", exchange.Grading, 3}, {"which response is better", exchange.Grading, 3},
	{"evaluate the answer", exchange.Grading, 3}, {"evaluate the response", exchange.Grading, 3}, {"assesses written work", exchange.Grading, 2},
	{"impartial judge", exchange.Grading, 3}, {"judge substance", exchange.Grading, 2}, {"preference label", exchange.Grading, 3},
	{"examiner", exchange.Grading, 2}, {"a mark between", exchange.Grading, 2}, {"the mark", exchange.Grading, 1}, {"reward model", exchange.Grading, 3},
	{"评分", exchange.Grading, 3}, {"打分", exchange.Grading, 3}, {"评判", exchange.Grading, 2}, {"採点", exchange.Grading, 3}, {"評価基準", exchange.Grading, 3},
	{"채점", exchange.Grading, 3}, {"rúbrica", exchange.Grading, 3}, {"rubrica", exchange.Grading, 3}, {"califica", exchange.Grading, 2},
	{"grille d'évaluation", exchange.Grading, 3}, {"bewerte", exchange.Grading, 2}, {"bewertungsraster", exchange.Grading, 3},
	{"оцени ответ", exchange.Grading, 3}, {"критери", exchange.Grading, 1}, {"ให้คะแนน", exchange.Grading, 3}, {"قيّم", exchange.Grading, 2},
	// Making tasks and data.
	{"training data", exchange.Generation, 3}, {"training example", exchange.Generation, 3}, {"synthetic", exchange.Generation, 3},
	{"high-quality programming problem", exchange.Generation, 3}, {"programming problem", exchange.Generation, 1}, {"gain inspiration", exchange.Generation, 2},
	{"create a new prompt", exchange.Generation, 3}, {"new task", exchange.Generation, 2}, {"new prompt", exchange.Generation, 2}, {"new instruction", exchange.Generation, 3},
	{"generate instructions", exchange.Generation, 3}, {"generate a question", exchange.Generation, 2}, {"generate questions", exchange.Generation, 2},
	{"write exercises", exchange.Generation, 2}, {"make up a problem", exchange.Generation, 2}, {"similar problem", exchange.Generation, 2},
	{"harder version", exchange.Generation, 2}, {"the sample", exchange.Generation, 1}, {"less common task", exchange.Generation, 2},
	{"same domain", exchange.Generation, 1}, {"question-answer pair", exchange.Generation, 3}, {"question and answer pairs", exchange.Generation, 3},
	{"instruction-following", exchange.Generation, 3}, {"counterpart of the prompt", exchange.Generation, 3}, {"solve it", exchange.Generation, 1},
	{"生成问题", exchange.Generation, 2}, {"训练数据", exchange.Generation, 3}, {"合成数据", exchange.Generation, 3}, {"出一道", exchange.Generation, 2}, {"新的题目", exchange.Generation, 2},
	{"新しい問題", exchange.Generation, 2}, {"学習データ", exchange.Generation, 3}, {"학습 데이터", exchange.Generation, 3}, {"datos de entrenamiento", exchange.Generation, 3},
	{"dados de treinamento", exchange.Generation, 3}, {"données d'entraînement", exchange.Generation, 3}, {"trainingsdaten", exchange.Generation, 3},
	{"обучающ", exchange.Generation, 2}, {"новую задачу", exchange.Generation, 2}, {"ข้อมูลฝึก", exchange.Generation, 3}, {"بيانات تدريب", exchange.Generation, 3},
	// Programs.
	{"```", exchange.Coding, 2}, {"def ", exchange.Coding, 1}, {"function", exchange.Coding, 1}, {"import ", exchange.Coding, 1}, {"python", exchange.Coding, 1},
	{"javascript", exchange.Coding, 1}, {"typescript", exchange.Coding, 1}, {" sql", exchange.Coding, 1}, {"unit test", exchange.Coding, 2}, {"refactor", exchange.Coding, 2},
	{"compile", exchange.Coding, 1}, {"stack trace", exchange.Coding, 2}, {"the code", exchange.Coding, 1}, {"source code", exchange.Coding, 1}, {"coding agent", exchange.Coding, 2},
	{"software engineer", exchange.Coding, 1}, {"pull request", exchange.Coding, 1}, {"代码", exchange.Coding, 2}, {"编程", exchange.Coding, 2}, {"函数", exchange.Coding, 1},
	{"コード", exchange.Coding, 2}, {"関数", exchange.Coding, 1}, {"코드", exchange.Coding, 2}, {"código", exchange.Coding, 2}, {"le code", exchange.Coding, 1},
	{"quellcode", exchange.Coding, 2}, {"функци", exchange.Coding, 1}, {"код на", exchange.Coding, 2}, {"โค้ด", exchange.Coding, 2}, {"الكود", exchange.Coding, 2},
	// Acting with tools.
	{"observation:", exchange.Agentic, 2}, {"action:", exchange.Agentic, 2}, {"tool_call", exchange.Agentic, 2}, {"call the tool", exchange.Agentic, 2},
	{"available tools", exchange.Agentic, 2}, {"function call", exchange.Agentic, 2}, {"apply_patch", exchange.Agentic, 2}, {"run_command", exchange.Agentic, 2},
	{"可用工具", exchange.Agentic, 2}, {"调用工具", exchange.Agentic, 2}, {"ツールを", exchange.Agentic, 1}, {"herramientas disponibles", exchange.Agentic, 2},
	// The same said otherwise.
	{"rewrite", exchange.Rewriting, 2}, {"rephrase", exchange.Rewriting, 2}, {"paraphrase", exchange.Rewriting, 2}, {"translate", exchange.Rewriting, 2},
	{"summarize", exchange.Rewriting, 2}, {"summarise", exchange.Rewriting, 2}, {"convert the", exchange.Rewriting, 1}, {"extract ", exchange.Rewriting, 1}, {"proofread", exchange.Rewriting, 2},
	{"改写", exchange.Rewriting, 2}, {"翻译", exchange.Rewriting, 2}, {"总结", exchange.Rewriting, 2}, {"翻訳", exchange.Rewriting, 2}, {"要約", exchange.Rewriting, 2}, {"번역", exchange.Rewriting, 2},
	{"reescribe", exchange.Rewriting, 2}, {"traduce", exchange.Rewriting, 2}, {"traduza", exchange.Rewriting, 2}, {"traduis", exchange.Rewriting, 2}, {"traduisez", exchange.Rewriting, 2},
	{"übersetz", exchange.Rewriting, 2}, {"переведи", exchange.Rewriting, 2}, {"перепиши", exchange.Rewriting, 2}, {"แปล", exchange.Rewriting, 2}, {"ترجم", exchange.Rewriting, 2}, {"अनुवाद", exchange.Rewriting, 2},
}
