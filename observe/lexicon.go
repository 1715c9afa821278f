package observe

import (
	"strings"

	"iolaus/exchange"
)

// A pattern is a piece of an instruction and what it says the request wants.
type pattern struct {
	text       string // as people write it; '_' at an end is the edge of a word
	capability exchange.Capability
	points     int
}

// A rule is a list of patterns, parted by semicolons, of one language, one
// capability and one weight: 3 points are proof, 2 suffice, 1 supports.
type rule struct {
	language   string // for the reader; the matcher knows none
	capability exchange.Capability
	points     int
	phrases    string
}

const (
	reasoning  = exchange.Reasoning
	grading    = exchange.Grading
	generation = exchange.Generation
	coding     = exchange.Coding
	agentic    = exchange.Agentic
	rewriting  = exchange.Rewriting
)

// rules are documented, not learned: instructions as people and pipelines write
// them. They decide what a pool of traffic is for, never whose it is, so each
// language has as many and as strong ones as it takes to do as well as English;
// testdata/capability has the sentences and capability.golden the figures.
var rules = [...]rule{
	{"any", reasoning, 3, "<think; begin_of_thought; begin of thought; chain of thought; chain-of-thought"},
	{"any", coding, 2, "```; c++; _react_; typescript; regex; _sql_; traceback; null pointer; nullpointer; stack trace; #include; console.log; _npm_; _git_; docstring; chatgpt api; sqlの; このapi; sql查询; _shell_; shell命令; pip install; localhost; _regexp_; stackoverflow"},
	{"any", coding, 1, "python; javascript; _java_; _html_; _css_; _api_; _bug_; _bugs_; _def_; _import_; _json_; _rust_; _golang_; _php_; kubernetes; docker; _linux_; _bash_"},
	{"any", agentic, 2, "tool_call; apply_patch; run_command; function_call; tool_use; api_call; observation:; action input; action:; final answer:; thought:"},
	{"any", grading, 2, "score:; [[a]]; rating:"},

	{"English", reasoning, 3, "thought process; your reasoning; internal reasoning; show your work; think out loud; think aloud; long thinking process; inner monologue; stream of consciousness"},
	{"English", reasoning, 2, "step by step; step-by-step; one step at a time; every step; each step; any step; no step; the reasoning; your thoughts; the thoughts; your thinking; dead ends; wrong turns; how you get there; how you got there; how you arrived; how you came to; each deduction; every deduction; reason carefully; reason through; think through; scratchpad; intermediate steps; all the steps; all steps; the method has to be visible; the logic behind; considered and rejected; think it through; backtrac; line of thought; train of thought; reason out loud; derivation; justify each; justify every; justify your; walk me through; how you derive; step of your; explain why you; reveal your thinking; hidden reasoning; how did you reach"},
	{"English", reasoning, 1, "think carefully; before answering; before you answer; final answer; reflect"},
	{"English", grading, 3, "rubric; which answer is better; which response is better; evaluate the answer; evaluate the response; impartial judge; preference label; reward model; reference answer; out of 10; scale from; scale of 1; from best to worst; which of the two"},
	{"English", grading, 2, "_grade the; _grade this; _grade each; _grade my; _grader; _grading; _score the; _score each; _score this; your score; the score of; _rate the; _rate this; _rate each; assesses written work; judge substance; judge whether; examiner; a mark between; give a mark; give points; better one; the better answer; the better response; the two answers; the two responses; both answers; both responses; is correct and; rank these; student's solution; student's answer; student essay; the assistant's answer; follows the instruction; assign marks; marks from; points from; mark the homework; a number between; which assistant; how good is this; assess the quality; assess the answer; pairwise comparison; verdict; pass or fail; grade it; correct or incorrect"},
	{"English", grading, 1, "the mark; evaluate; correctness; completeness; accuracy; criteria; student; essay"},
	{"English", generation, 3, "training data; training example; synthetic; high-quality programming problem; create a new prompt; question-answer pair; question and answer pairs; instruction-following; counterpart of the prompt; fine-tun; dataset of; generate a dataset; create a dataset; build a dataset; labelled examples; labeled examples; variations of this prompt; multiple-choice questions; diverse instructions"},
	{"English", generation, 2, "gain inspiration; new task; new prompt; new instruction; new question; new problem; generate instructions; generate a question; generate questions; generate a set of; write exercises; exercises about; exercises on; practice problems; make up a problem; similar problem; harder version; difficult version; more difficult; less common task; variations of; with labels; inspired by the; invent a conversation; conversation between a user; dialogue between a user; test cases for a classifier; seed task; quiz questions; api's name; detailed introduction for the api; to train a; examples to train; harder variant; variant of the; seed instruction; evolve it; evolve the; each with an answer; few-shot examples; paraphrased versions; user queries; sample dialog; prompts that; imaginary user; exam questions; in the style of the examples"},
	{"English", generation, 1, "programming problem; the sample; same domain; solve it; diverse; generate; come up with; make up; invent; with answers"},
	{"English", coding, 2, "unit test; refactor; source code; coding agent; this code; my code; the code; code block; code snippet; does not compile; regular expression; binary search; algorithm; this script; a script; pull request; debug; in c#; smart contract; codebase; a program that; my program; command line; a class; this class; type hints; this loop; the module; a dictionary by; shell command; a command that; segfault; null check; merge conflict; data structure; recursion; class method; _in java_; in python; in javascript; _endpoint_; write a script; write a program; write a function; code review; github; infinite loop; _loop_; command-line"},
	{"English", coding, 1, "function; compile; software engineer; implement; exception; error message; component; database; variable; _code_; _array; _string_; query; script; terminal; runs faster"},
	{"English", agentic, 3, "available tools; following tools; the tools below; access to tools; autonomous agent; controls a computer; tool call; function to call; thought, action; toolformer; you have access to"},
	{"English", agentic, 2, "call the tool; search tool; call the search; function call; use the browser; in the terminal; sub-tasks; subtasks; the next action; next tool; click the; run the tests; run the command; until the task is done; call finish; next screen; web browser; open the file; edit it; take actions; search the web; use the calculator; the calculator whenever; with the tool; use the tool; use tools; log in and; you will get an observation; get an observation; after each action; browse to; fill in the form; navigate to; execute the plan; using the tool; next step to take; send the email"},
	{"English", rewriting, 2, "rewrite; _rephras; paraphras; _translate; translation of the; summari; proofread; reword; shorten; correct the grammar; grammar and spelling; fix the grammar; more polite; more formal; more concise; simpler words; in other words; readable text; extract all; extract the; to markdown; into markdown; make this e-mail; make this email; polish this; polish the; polish my; condense this; this table to; these notes; copyedit; plain language; say the same; the gist; fix the typos; typos in; main points of; key points of; key takeaways; in plain english; edit this; edit my; make it shorter; make this shorter; improve the wording; improve the style; correct this text; correct my; bullet points; same in english; same in german; same in spanish; tone of"},
	{"English", rewriting, 1, "convert the; convert this; _extract_; without changing; into english; to english; spelling; this text; the text; following text; this paragraph; this sentence"},

	{"Chinese", reasoning, 3, "思考过程; 推理过程; 思维链; 推理链; 思考過程; 推理過程; 思維鏈; 思维过程; 内心独白"},
	{"Chinese", reasoning, 2, "逐步; 一步一步; 一步步; 每一步; 推理步骤; 推理步驟; 你的推理; 中间步骤; 中間步驟; 所有步骤; 如何得出; 怎么得出; 怎样得出; 不要省略; 步骤; 背后的逻辑; 背後的邏輯; 推理; 你的想法; 说出来; 解题思路; 所有思路; 慢慢来; 仔细思考; 分步; 推论; 推導; 推导过程; 边想边说; 如何推导; 完整的推导; 什么都不要省略; 说明理由"},
	{"Chinese", reasoning, 1, "最终答案; 回答之前; 回答前; 推导; 思路"},
	{"Chinese", grading, 3, "评分; 打分; 評分; 哪个更好; 哪個更好; 评分标准; 公正的评委; 参考答案; 奖励模型; 從最好到最差; 从最好到最差"},
	{"Chinese", grading, 2, "评判; 评委; 给分; 得分; 评价; 評價; 评估; 更好的一个; 哪一个更; 批改; 成绩; 是否正确; 是否遵循; 裁判; 满分; 到十分; 哪个助手; 扣分; 阅卷; 合格"},
	{"Chinese", grading, 1, "正确性; 完整性; 学生; 作文; 质量"},
	{"Chinese", generation, 3, "训练数据; 訓練資料; 合成数据; 数据集; 問答對; 问答对; 合成训练; 微调; 选择题; 提示词的"},
	{"Chinese", generation, 2, "生成问题; 出一道; 新的题目; 新题; 新的任务; 新任务; 新的问题; 新问题; 新的指令; 练习题; 類似題; 类似题; 类似的题; 类似问题; 更难; 变体; 编造; 各种指令; 指令生成; 同一领域; 出题; 道题; 样本; 种子; 演化; 演变成; 训练模型; 考题"},
	{"Chinese", generation, 1, "生成; 示例; 例子; 多样; 标签; 创建; 并附上答案; 附上答案"},
	{"Chinese", coding, 2, "代码; 代碼; 编程; 程式; 函数; 脚本; 单元测试; 重构; 正则表达式; 编译; 算法; 空指针; 二分查找; 接口; 报错; 数据库; 源码; 循环; 类型注解; 文档字符串; 模块; 字典排序; 对字典; 命令行; 递归; 数据结构; 代码审查; 前端; 后端"},
	{"Chinese", coding, 1, "程序; 崩溃; 实现; 组件; 查询; 变量; 数组; 异常; 调试; 运行"},
	{"Chinese", agentic, 3, "可用工具; 可用的工具; 以下工具; 调用工具; 工具调用; 自主智能体; 智能体; 控制电脑; 哪个函数; 函数调用"},
	{"Chinese", agentic, 2, "搜索工具; 浏览器; 终端; 子任务; 点击; 下一个界面; 直到任务; 任务完成; 运行测试; 执行命令; 该命令; 行动输入; 打开文件; 调用; 计算器工具; 使用计算器; 用工具; 使用工具; 登录并; 打开网站; 观察结果; 每次行动; 填写表单"},
	{"Chinese", rewriting, 2, "改写; 翻译; 翻譯; 总结; 概括; 摘要; 润色; 潤飾; 语法; 错别字; 换一种说法; 换个说法; 更礼貌; 缩短; 整理成; 提取; 转换成; 校对; 更正式; 精简; 更简单的话; 缩写; 通顺; 通俗易懂; 用英语说; 用英文; 要点; 错字; 简洁; 精炼; 改一下; 译成; 大意; 润色一下"},
	{"Chinese", rewriting, 1, "这段话; 这一段; 英文; 拼写; 改成; 修改"},

	{"Japanese", reasoning, 3, "思考過程; 推論過程; 思考の連鎖; あなたの推論; 思考の過程; 推論の過程"},
	{"Japanese", reasoning, 2, "段階的に; ステップバイステップ; 段階を追って; 一歩ずつ; 途中式; 途中の計算; ステップを; すべてのステップ; どのようにして; たどり着いた; 省略しない; 順を追って; 背後にある論理; 声に出し; 考えていること; 却下した; 考えを; 推論を; 一つずつ; 中間ステップ; 筋道; 推論; 理由を述べながら; 完全な導出; 思考を; 考え方を示"},
	{"Japanese", reasoning, 1, "答える前に; 最終的な答え; 導出; 論理"},
	{"Japanese", grading, 3, "採点; 評価基準; 模範解答; 公平な審査員; どちらが優れ; どちらが良い; どちらの回答; 順位付け; 報酬モデル"},
	{"Japanese", grading, 2, "点数; スコア; 評価して; 審査員; より良い方; 良い順; 成績; 指示に従っているか; 判定; 正しいか; 二つの回答; 二つの答え; 比べて; 点をつけ; 0点から; どちらのアシスタント; 合否; 減点"},
	{"Japanese", grading, 1, "正確さ; 学生の; 作文; 評価; 回答の質"},
	{"Japanese", generation, 3, "学習データ; 訓練データ; データセット; 合成データ; 質問と回答のペア; 質問応答ペア; ファインチューニング; 選択式の問題; バリエーション"},
	{"Japanese", generation, 2, "新しい問題; 新しいタスク; 新しい質問; 新しい指示; 練習問題; 類似問題; 似た問題; 難しいバージョン; より難しい; 多様な指示; 会話を創作; ラベル付き; 問題を作; プロンプトの; 訓練用; 発展させ; もっと難しい; 試験問題; 例文を生成"},
	{"Japanese", generation, 1, "作成して; 生成して; 例を参考; 合成の; 作ってください; 答え付き"},
	{"Japanese", coding, 2, "コード; プログラミング; 関数; バグ; リファクタ; 単体テスト; スクリプト; 正規表現; コンパイル; アルゴリズム; 二分探索; プログラム; ヌルポインタ; エラーメッセージ; データベース; ループ; 型ヒント; ドックストリング; モジュール; 辞書を値; シェルコマンド; 再帰; データ構造; デバッグ; ソースコード; フロントエンド; 無限ループ"},
	{"Japanese", coding, 1, "実装; 例外; クエリ; コンポーネント; クラス; 変数; 配列; 移植"},
	{"Japanese", agentic, 3, "次のツール; 利用可能なツール; ツールを呼び出; ツール呼び出し; 自律エージェント; エージェントです; コンピュータを操作; どの関数"},
	{"Japanese", agentic, 2, "ツールを; 検索ツール; ツールが使え; ブラウザ; サブタスク; 端末で; ターミナル; コマンドを実行; テストを実行; タスクが完了; クリック; 次の画面; 行動の入力; ファイルを開; 関数を呼び出; 計算機を使; 電卓を使; ツールで; サイトを開; ログインし; 観察結果; 行動のたび; フォームに入力"},
	{"Japanese", rewriting, 2, "翻訳; 要約; 書き直; 言い換え; 校正; 添削; 文法; 丁寧な; 丁寧に; 短くして; 読みやすい; まとめて; 抜き出; 抽出; 変換して; 改まった; 易しい言葉; 文面; 分かりやすい言葉; 英語で言; 誤字; 簡潔に; 推敲; 和訳; 英訳; 直してください"},
	{"Japanese", rewriting, 1, "次の文章; この文を; この段落; 英語に; 綴り; 表現に"},

	{"Korean", reasoning, 3, "추론 과정; 사고 과정; 사고의 흐름; 사고 사슬; 생각의 사슬; 당신의 추론"},
	{"Korean", reasoning, 2, "단계별로; 한 단계씩; 모든 단계; 어떤 단계; 중간 과정; 중간 단계; 추론을; 차근차근; 소리 내어; 어떻게 그 답; 풀이 과정; 논리를; 생각을; 건너뛰지; 고려했다가; 단계를; 생각의 흐름; 소리 내어 생각; 전체 유도; 근거를 대; 논리적 과정"},
	{"Korean", reasoning, 1, "답하기 전에; 최종 답; 유도 과정"},
	{"Korean", grading, 3, "채점; 평가 기준; 공정한 심판; 어느 것이 더; 모범 답안; 더 나은 것; 순위를 매; 점수를 매; 보상 모델"},
	{"Korean", grading, 2, "점수; 평가하; 심판; 성적을; 두 답; 두 응답; 맞는지 확인; 지시를 따르; 품질을; 등급을; 점까지; 어느 도우미; 감점; 합격"},
	{"Korean", grading, 1, "정확성; 학생; 완전성; 기준"},
	{"Korean", generation, 3, "학습 데이터; 훈련 데이터; 데이터셋; 합성 데이터; 질문과 답변 쌍; 질문-답변 쌍; 객관식 문제; 미세 조정"},
	{"Korean", generation, 2, "새로운 과제; 새로운 문제; 새로운 질문; 새로운 지시; 새 문제; 연습 문제; 비슷한 문제; 더 어려운; 다양한 지시; 지어내; 변형; 문제를 생성; 레이블; 합성; 훈련할 예시; 더 어려운 변형; 새로운 지시로; 시험 문제; 예시가 필요; 예시를 생성; 문항"},
	{"Korean", generation, 1, "생성하; 만드세요; 예시를; 프롬프트"},
	{"Korean", coding, 2, "코드; 함수; 파이썬; 자바스크립트; 리팩터링; 리팩토링; 단위 테스트; 스크립트; 정규 표현식; 정규표현식; 컴파일; 알고리즘; 이진 탐색; 프로그램이; 널 포인터; 오류 메시지; 쿼리; 데이터베이스; 프로그래밍; 반복문; 타입 힌트; 독스트링; 모듈; 사전을 값으로; 셸 명령; 무한 루프; 재귀; 자료 구조; 디버그; 소스 코드"},
	{"Korean", coding, 1, "버그; 구현; 예외; 컴포넌트; 클래스; 변수; 배열"},
	{"Korean", agentic, 3, "다음 도구; 사용 가능한 도구; 도구를 호출; 도구 호출; 자율 에이전트; 컴퓨터를 제어; 어떤 함수"},
	{"Korean", agentic, 2, "도구를 사용; 검색 도구; 브라우저; 하위 작업; 터미널; 명령을 실행; 테스트를 실행; 작업이 끝날; 작업이 완료; 클릭하; 다음 화면; 행동 입력; 파일을 열; 호출하; 함수를 호출; 계산기를 사용; 도구로; 로그인하고; 관찰이 주어; 행동할 때마다; 양식을 작성"},
	{"Korean", rewriting, 2, "번역하; 번역해; 요약; 다시 써; 다시 쓰; 바꿔 쓰; 고쳐 쓰; 맞춤법; 문법; 다듬; 줄여; 정리해; 추출; 변환; 교정; 격식; 쉬운 말; 공손; 쉬운 말로; 영어로 말; 요지; 오타; 간결하게; 핵심을; 고쳐 주세요; 바꿔 주세요; 문장을 매끄럽게"},
	{"Korean", rewriting, 1, "이 문단; 이 문장; 다음 글; 영어로; 이 글"},

	{"Russian", reasoning, 3, "ход рассуждений; ход мыслей; цепочку рассуждений; цепочка рассуждений; цепочку мыслей; свои рассуждения; твои рассуждения; рассуждай; ход решения"},
	{"Russian", reasoning, 2, "шаг за шагом; пошагово; по шагам; каждый шаг; все шаги; ни одного шага; промежуточные; промежуточных; как ты пришел; как вы пришли; логику; вслух; свои мысли; рассмотрел и отверг; рассуждения; поэтапно; рассуждайте; неверные ходы; ход мысли; умозаключени; размышляй вслух; обоснуй; полный вывод; вывод формулы; логическую цепочку"},
	{"Russian", reasoning, 1, "окончательный ответ; перед ответом; прежде чем ответить; подробно"},
	{"Russian", grading, 3, "оцени ответ; оцените ответ; беспристрастный судья; какой из двух; эталонн; поставь оценку; поставь баллы; по шкале; от лучшего к худшему; модель вознаграждения"},
	{"Russian", grading, 2, "_оцени_; _оцените_; выбери лучший; дай баллы; _балл; свою оценку; два ответа; решение ученика; верно ли; следует ли; сравни два; критериям; проверь, верно; оценку за; какой помощник; ответь числом; проверь это домашнее; проверь работу; снизь балл"},
	{"Russian", grading, 1, "критери; правильность; качество; сочинение; полноту; ученик"},
	{"Russian", generation, 3, "обучающие данные; обучающих данных; обучающ; набор данных; набора данных; датасет; синтетическ; пар вопрос; пары вопрос; дообучени; вопросов с вариантами"},
	{"Russian", generation, 2, "новую задачу; новое задание; новый вопрос; новые вопросы; новую инструкцию; упражнений на; похожие задачи; сложную версию; более сложн; инструкции, которые; разнообразные; придумай; сочини диалог; вариантов этого; составь пять вопрос; с метками; составь 20; для обучения; трудный вариант; примеры для; экзаменационн; придумай вопрос"},
	{"Russian", generation, 1, "сгенерируй; составь; промпта; примеры; области; с ответами"},
	{"Russian", coding, 2, "код на; этот код; мой код; в этом коде; функцию на; функция на; рефактор; модульные тесты; юнит-тест; скрипт; регулярное выражение; регулярных выражений; компилир; алгоритм; двоичный поиск; нулевого указателя; моя программа; запрос, который; программирован; исходный код; аннотации типов; докстринг; в модуль; команду оболочки; рекурси; структура данных; структуры данных; исходник; бесконечный цикл; на питоне; на python; командной строк; цикл не"},
	{"Russian", coding, 1, "функци; ошибку в; исключени; компонент; реализуй; базы данных; переменн; массив; отлад; _код_; _коде_; класс и"},
	{"Russian", agentic, 3, "доступными инструментами; доступные инструменты; следующие инструменты; вызов инструмента; вызывай инструмент; вызови инструмент; автономный агент; управляет компьютером; какую функцию вызвать"},
	{"Russian", agentic, 2, "инструмент поиска; через браузер; в браузере; подзадач; в терминале; выполни команду; запусти тесты; пока задача не; вызови finish; нажми; следующего экрана; ввод действия; открой файл; используй инструмент; вызови функцию; используй калькулятор; с помощью инструмента; войди в систему; зайди на сайт; получишь наблюдение; после каждого действия; заполни форму"},
	{"Russian", rewriting, 2, "переведи; перевод на; перепиши; перефразир; кратко изложи; резюмир; обобщи; исправь грамматику; орфографи; более вежлив; сократи; связный текст; извлеки; преобразуй; вычитай; переформулир; официальн; простыми словами; отредактируй; конвертируй; простым языком; по-английски; суть этого; главную мысль; опечатки; опечаток; короче; исправь ошибки в тексте; изложи это; улучши стиль"},
	{"Russian", rewriting, 1, "этот абзац; это предложение; следующий текст; на английский; этот текст; не меняя"},

	{"Spanish", reasoning, 3, "tu razonamiento; su razonamiento; el razonamiento; cadena de pensamiento; proceso de pensamiento; piensa en voz alta; cadena de razonamiento; proceso mental"},
	{"Spanish", reasoning, 2, "paso a paso; un paso a la vez; cada paso; todos los pasos; ningún paso; pasos intermedios; tus pensamientos; cómo llegaste; la lógica detrás; consideraste y; muestra tu trabajo; caminos equivocados; razona; hilo de pensamiento; en voz alta; justifica cada; derivación completa; línea de razonamiento; justifica tu"},
	{"Spanish", reasoning, 1, "antes de responder; respuesta final; la deducción; en detalle"},
	{"Spanish", grading, 3, "rúbrica; juez imparcial; cuál de las dos respuestas; respuesta es mejor; respuesta de referencia; en una escala; de mejor a peor; evalúa la respuesta; modelo de recompensa"},
	{"Spanish", grading, 2, "_califica; _puntúa; puntuación; evalúa_; evalúe; elige la mejor; pon una nota; da puntos; las dos respuestas; la solución del alumno; es correcta y; sigue la instrucción; valora la calidad; del estudiante es; diez puntos; qué asistente; con un número; corrige esta tarea; aprobado o"},
	{"Spanish", grading, 1, "alumno; corrección; calidad; criterios; redacción"},
	{"Spanish", generation, 3, "datos de entrenamiento; conjunto de datos; datos sintéticos; pares de preguntas; sintéticos; ejemplos de entrenamiento; opción múltiple; variaciones de"},
	{"Spanish", generation, 2, "nueva tarea; nueva pregunta; pregunta nueva; nueva instrucción; nuevo problema; ejercicios sobre; ejercicios de; problemas similares; problema similar; más difícil; instrucciones variadas; inventa un; con etiquetas; genera preguntas; conversación entre un usuario; inspirada en; para entrenar; variante más; instrucción semilla; preguntas de examen; ejemplos para"},
	{"Spanish", generation, 1, "_genera_; _inventa_; los ejemplos; mismo ámbito; prompt; con sus respuestas; cada una con su respuesta"},
	{"Spanish", coding, 2, "código; función en; refactoriza; pruebas unitarias; expresión regular; algoritmo; búsqueda binaria; puntero nulo; mi programa; este script; consulta sql; no compila; programación; base de datos; anotaciones de tipo; un diccionario por; comando de shell; recursi; estructura de datos; bucle infinito; código fuente; depura; en python; un bucle; línea de comandos"},
	{"Spanish", coding, 1, "función; excepción; mensaje de error; componente; compila; consulta; variable; implementa; esta clase"},
	{"Spanish", agentic, 3, "herramientas disponibles; siguientes herramientas; llamada a herramienta; agente autónomo; controla un ordenador; controla una computadora; qué función llamar; llama a la herramienta"},
	{"Spanish", agentic, 2, "herramienta de búsqueda; usa el navegador; en la terminal; subtareas; ejecuta el comando; ejecuta las pruebas; hasta terminar la tarea; llama a finish; haz clic; siguiente pantalla; entrada de la acción; abre el archivo; llama a la función; usa la herramienta; usa la calculadora; con la herramienta; inicia sesión; recibirás una observación; después de cada acción; rellena el formulario"},
	{"Spanish", rewriting, 2, "traduce; traduzca; traducir; reescrib; resume el; resume este; resume la; resumen de; corrige la gramática; gramática; ortografía; parafrasea; más amable; más formal; acorta; texto legible; extrae; a markdown; reformula; carta de presentación; palabras más sencillas; resuma; lenguaje sencillo; lo esencial de; las erratas; puntos principales; más corto; más breve; corrige el texto; faltas de ortografía; mejora el estilo"},
	{"Spanish", rewriting, 1, "este párrafo; esta frase; siguiente texto; al inglés; sin cambiar; convierte est; la redacción de"},

	{"French", reasoning, 3, "ton raisonnement; votre raisonnement; le raisonnement; chaîne de pensée; processus de réflexion; pense à voix haute; pensez à voix haute; cheminement de pensée"},
	{"French", reasoning, 2, "étape par étape; pas à pas; une étape à la fois; chaque étape; toutes les étapes; aucune étape; étapes intermédiaires; tes pensées; vos pensées; comment tu es arrivé; comment vous êtes arrivé; la logique de; la logique derrière; envisagé et écarté; fausses pistes; raisonne; fil de ta pensée; fil de pensée; à voix haute; justifie chaque; dérivation complète; justifie ta"},
	{"French", reasoning, 1, "avant de répondre; réponse finale; démonstration; en détail"},
	{"French", grading, 3, "grille d'évaluation; juge impartial; laquelle des deux; réponse de référence; sur une échelle; de la meilleure à la pire; évalue la réponse; évaluez la réponse; barème; modèle de récompense"},
	{"French", grading, 2, "_note la; _notez; ta note; une note; un score; le score; _évalue_; évaluez; choisis la meilleure; donne des points; les deux réponses; solution de l'élève; est correcte et; suit la consigne; attribue un; est la meilleure; dix points; quel assistant; par un nombre; corrige ce devoir; note-le; ce devoir"},
	{"French", grading, 1, "l'élève; exactitude; qualité; critères; rédaction"},
	{"French", generation, 3, "données d'entraînement; jeu de données; données synthétiques; synthétiques; paires de questions; choix multiples; variantes de; exemples d'entraînement"},
	{"French", generation, 2, "nouvelle tâche; nouvelle question; nouvelle consigne; nouveau problème; nouvelle instruction; exercices sur; problèmes similaires; plus difficile; instructions variées; invente un; avec étiquettes; génère des; conversation entre un utilisateur; inspirée de; pour entraîner; variante plus; instruction de départ; questions d'examen; des exemples pour"},
	{"French", generation, 1, "_génère_; _invente_; les exemples; même domaine; prompt; avec leurs réponses; chacune avec sa réponse"},
	{"French", coding, 2, "ce code; le code; mon code; du code; fonction python; refactorise; tests unitaires; expression régulière; algorithme; recherche dichotomique; pointeur nul; mon programme; ce script; requête sql; ne compile pas; programmation; base de données; annotations de type; un dictionnaire par; commande shell; récursi; structure de données; boucle infinie; code source; débogue; une boucle; ligne de commande"},
	{"French", coding, 1, "fonction; exception; message d'erreur; composant; compile; requête; variable; implémente; cette classe"},
	{"French", agentic, 3, "outils disponibles; outils suivants; appel d'outil; appelle l'outil; agent autonome; contrôle un ordinateur; quelle fonction appeler"},
	{"French", agentic, 2, "outil de recherche; utilise le navigateur; dans le terminal; sous-tâches; exécute la commande; lance les tests; jusqu'à ce que la tâche; appelle finish; clique sur; l'écran suivant; entrée de l'action; ouvre le fichier; appelle la fonction; utilise l'outil; utilise la calculatrice; avec l'outil; connecte-toi; recevras une observation; après chaque action; remplis le formulaire"},
	{"French", rewriting, 2, "traduis; traduisez; traduire; réécris; réécrivez; résume l; résumez; résume ce; résumé de; corrige la grammaire; grammaire; orthographe; paraphrase; plus poli; plus formel; raccourci; texte lisible; extrais; extraire; en markdown; reformule; relis; mots plus simples; façon plus formelle; langage simple; l'essentiel de; fautes de frappe; points principaux; plus court; plus bref; corrige le texte; fautes d'orthographe; améliore le style"},
	{"French", rewriting, 1, "ce paragraphe; cette phrase; texte suivant; en anglais; sans changer; sans en changer; convertis ce"},

	{"German", reasoning, 3, "gedankengang; gedankenkette; deine überlegungen; ihre überlegungen; denke laut; denkprozess; deine gedanken; begründungskette"},
	{"German", reasoning, 2, "schritt für schritt; einen schritt nach dem anderen; jeden schritt; alle schritte; keinen schritt; zwischenschritt; die logik hinter; wie du zu; rechenweg; lösungsweg; erwogen und verworfen; irrwege; überlegungen; herleitung; gedankenverlauf; überlege laut; begründe jeden; vollständige herleitung; begründe deine"},
	{"German", reasoning, 1, "bevor du antwortest; endgültige antwort; schlussfolgerung"},
	{"German", grading, 3, "bewertungsraster; welche der beiden; unparteiischer; musterlösung; auf einer skala; von der besten zur; bewerte die antwort; beurteile die antwort; belohnungsmodell; referenzantwort"},
	{"German", grading, 2, "_bewerte; _beurteile; punktzahl; gib punkte; vergib; eine note; die bessere; beiden antworten; lösung des schülers; der anweisung folgt; benote; ob die lösung; bis zehn punkte; zehn punkte; welcher assistent; mit einer zahl; diese hausaufgabe; punktabzug; null bis zehn; benotung"},
	{"German", grading, 1, "schüler; richtigkeit; qualität; kriterien; aufsatz; _punkte"},
	{"German", generation, 3, "trainingsdaten; datensatz; synthetische; frage-antwort-paar; frage-antwort; multiple-choice; trainingsbeispiel; varianten dieses"},
	{"German", generation, 2, "neue aufgabe; neue frage; neue anweisung; neues problem; übungsaufgabe; übungen zu; ähnliche aufgabe; ähnliche frage; schwierigere; schwerere; vielfältige; erfinde ein; mit labels; gespräch zwischen einem nutzer; denke dir; zu trainieren; schwerere variante; prüfungsfragen; beispiele, um"},
	{"German", generation, 1, "_erzeuge_; _generiere_; beispiel; selben gebiet; prompts; mit antworten; jede mit antwort"},
	{"German", coding, 2, "quellcode; dieser code; diesem code; diesen code; mein code; -code_; python-funktion; refaktoriere; unit-test; regulären ausdruck; regulärer ausdruck; algorithmus; binäre suche; nullzeiger; mein programm; dieses skript; sql-abfrage; kompilieren; programmier; datenbank; typannotation; ein dictionary; shell-befehl; rekursi; datenstruktur; endlosschleife; debugge; schleife; kommandozeile"},
	{"German", coding, 1, "funktion; ausnahme; fehlermeldung; komponente; abfrage; implementiere; diese klasse; _variable"},
	{"German", agentic, 3, "verfügbaren werkzeug; folgenden werkzeug; verfügbaren tools; folgenden tools; tool-aufruf; autonomer agent; computer steuert; welche funktion aufzurufen; werkzeugaufruf"},
	{"German", agentic, 2, "suchwerkzeug; im browser; im terminal; teilaufgaben; führe den befehl; führe die tests; bis die aufgabe; finish auf; klicke; nächsten bildschirm; aktionseingabe; öffne die datei; rufe das; nutze das werkzeug; rufe die funktion; den taschenrechner; mit dem werkzeug; melde dich an; eine beobachtung; nach jeder aktion; fülle das formular"},
	{"German", rewriting, 2, "übersetz; _umschreib; worten um; schreibe um; fasse d; zusammenfassung; zusammenfassen; rechtschreib; grammatik; korrektur; höflicher; förmlicher; kürze; lesbaren text; extrahiere; in markdown; formuliere d; überarbeite; einfacheren worten; formeller; einfacher sprache; das wesentliche; tippfehler; kernaussagen; kürzer; verbessere den text; verbessere die; stilistisch; zusammenfass; fass den; fass das; auf englisch; schreibfehler"},
	{"German", rewriting, 1, "diesen absatz; diesen satz; folgenden text; ins englische; ohne den sinn; wandle; diese tabelle"},

	{"Portuguese", reasoning, 3, "seu raciocínio; teu raciocínio; o raciocínio; cadeia de pensamento; processo de pensamento; pense em voz alta; cadeia de raciocínio"},
	{"Portuguese", reasoning, 2, "passo a passo; um passo de cada vez; cada passo; todos os passos; nenhum passo; etapas intermediárias; passos intermédios; seus pensamentos; como você chegou; a lógica por trás; considerou e; caminhos errados; raciocine; cada etapa; todas as etapas; linha de pensamento; em voz alta; justifique cada; derivação completa; linha de raciocínio; justifique sua"},
	{"Portuguese", reasoning, 1, "antes de responder; resposta final; dedução; em detalhe"},
	{"Portuguese", grading, 3, "rubrica; juiz imparcial; qual das duas respostas; resposta de referência; numa escala; em uma escala; da melhor à pior; avalie a resposta; modelo de recompensa; resposta é melhor"},
	{"Portuguese", grading, 2, "_avalie_; _pontue_; pontuação; escolha a melhor; dê uma nota; uma nota; dê pontos; as duas respostas; solução do aluno; está correta e; segue a instrução; nota de; dez pontos; qual assistente; com um número; corrija esta lição; dê nota; lição de casa"},
	{"Portuguese", grading, 1, "aluno; correção; qualidade; critérios; redação"},
	{"Portuguese", generation, 3, "dados de treinamento; dados de treino; conjunto de dados; sintéticos; pares de perguntas; múltipla escolha; variações de; exemplos de treinamento"},
	{"Portuguese", generation, 2, "nova tarefa; nova pergunta; pergunta nova; nova instrução; novo problema; exercícios sobre; exercícios de; problemas semelhantes; problemas similares; mais difícil; instruções variadas; invente um; com rótulos; gere perguntas; conversa entre um usuário; inspirada no; variações deste; para treinar; variante mais; instrução inicial; questões de prova; exemplos para"},
	{"Portuguese", generation, 1, "_gere_; _invente_; dos exemplos; mesmo domínio; prompt; com respostas; cada uma com resposta"},
	{"Portuguese", coding, 2, "código; função em; refatore; testes unitários; expressão regular; algoritmo; busca binária; ponteiro nulo; meu programa; este script; consulta sql; não compila; programação; banco de dados; anotações de tipo; um dicionário por; recursiv; estrutura de dados; laço infinito; código-fonte; depure; em python; um laço; linha de comando"},
	{"Portuguese", coding, 1, "função; exceção; mensagem de erro; componente; compila; consulta; implemente; esta classe"},
	{"Portuguese", agentic, 3, "ferramentas disponíveis; seguintes ferramentas; chamada de ferramenta; agente autônomo; controla um computador; qual função chamar; chame a ferramenta"},
	{"Portuguese", agentic, 2, "ferramenta de busca; use o navegador; no terminal; subtarefas; execute o comando; rode os testes; execute os testes; até que a tarefa; chame finish; clique no; próxima tela; entrada da ação; abra o arquivo; use a ferramenta; chame a função; use a calculadora; com a ferramenta; faça login; receberá uma observação; depois de cada ação; preencha o formulário"},
	{"Portuguese", rewriting, 2, "traduza; traduzir; reescreva; resuma; resumo de; corrija a gramática; gramática; ortografia; parafraseie; mais educado; mais formal; encurte; texto legível; extraia; para markdown; reformule; revise; palavras mais simples; linguagem simples; o essencial de; erros de digitação; pontos principais; mais curto; mais breve; corrija o texto; erros de português; melhore o estilo"},
	{"Portuguese", rewriting, 1, "este parágrafo; esta frase; texto a seguir; para o inglês; sem mudar; converta est"},

	{"Arabic", reasoning, 3, "عملية التفكير; سلسلة أفكار; سلسلة التفكير; استدلالك; تسلسل أفكارك; طريقة تفكيرك; بصوت عال"},
	{"Arabic", reasoning, 2, "خطوة بخطوة; كل خطوة; خطوة تلو; الخطوات الوسيطة; كل الخطوات; جميع الخطوات; أي خطوة; أفكارك; كيف وصلت; كيف توصلت; المنطق وراء; فكرت فيه; منطقك; الاستدلال; تسلسل تفكيرك; بصوت مسموع; برر كل; الاشتقاق; علل إجابتك; طريقة الحل; تفكيرك; برهن"},
	{"Arabic", reasoning, 1, "قبل أن تجيب; قبل الإجابة; الجواب النهائي; الاستنتاج; استنتاج"},
	{"Arabic", grading, 3, "معايير التقييم; حكم محايد; أي الإجابتين; الإجابة المرجعية; على مقياس; من الأفضل إلى; قيم الإجابة; قيّم إجابة; نموذج المكافأة"},
	{"Arabic", grading, 2, "قيّم; أعط درجة; درجة; درجتك; امنح نقاط; أعطه علامة; الإجابتين; حل الطالب; اختر الأفضل; يتبع الرد; تقييم; نقاطا; درجات; أي المساعدين; هذا الواجب; ناجح أم راسب"},
	{"Arabic", grading, 1, "الطالب; جودة; المعايير; علامة; مقال الطالب"},
	{"Arabic", generation, 3, "بيانات تدريب; بيانات التدريب; مجموعة بيانات; اصطناعية; الأسئلة والأجوبة; سؤال وجواب; اختيار من متعدد; صيغة مختلفة"},
	{"Arabic", generation, 2, "مهمة جديدة; سؤالا جديدا; سؤال جديد; مسألة جديدة; أسئلة جديدة; تعليمات متنوعة; تمارين عن; تمارين في; مسائل مشابهة; مسائل مماثلة; نسخة أصعب; أكثر صعوبة; اخترع محادثة; ابتكر; أنشئ; ولد_; ولّد; لتدريب; صيغة أصعب; التعليمة; تعليمة جديدة; أسئلة امتحان"},
	{"Arabic", generation, 1, "الأمثلة; المجال نفسه; المثال التالي; أنتج; الموجه; مع الإجابات; مع جواب"},
	{"Arabic", coding, 2, "الكود; كود; الشيفرة; شيفرة; دالة بايثون; بايثون; جافا; برمج; اختبارات الوحدة; تعبيرا نمطيا; الخوارزمية; خوارزمية; البحث الثنائي; المؤشر الفارغ; برنامجي; السكربت; استعلام; واجهة api; قاعدة البيانات; هيكلة; تلميحات الأنواع; الوحدة البرمجية; أمر shell; تعبير نمطي; هيكل البيانات; حلقة لا نهائية; نمطي; حلقة برمجية"},
	{"Arabic", coding, 1, "دالة; استثناء; رسالة الخطأ; مكون; مكوّن; التصريف; الخطأ في; نفذ البحث; متغير; مصفوفة"},
	{"Arabic", agentic, 3, "الأدوات المتاحة; الأدوات التالية; استدعاء الأداة; استدع أداة; استدعِ أداة; وكيل مستقل; يتحكم في حاسوب; أي دالة تستدعي; وكيل ذاتي"},
	{"Arabic", agentic, 2, "أداة البحث; المتصفح; الطرفية; المهام الفرعية; نفذ الأمر; نفّذ الأمر; شغل الاختبارات; حتى تنتهي المهمة; استدع finish; انقر; الشاشة التالية; مدخل الإجراء; افتح الملف; استخدم الأداة; استخدم الأدوات; الآلة الحاسبة; بالأداة; سجل الدخول; ستتلقى ملاحظة; بعد كل إجراء; املأ النموذج; استخدم الأدوات المتوفرة; تسجيل الدخول"},
	{"Arabic", rewriting, 2, "ترجم; لخص; لخّص; أعد كتابة; أعد صياغة; صياغة; صحح; صحّح; الإملاء; تهذيبا; اختصر; نص مقروء; استخرج; إلى markdown; دقق; دقّق; رسمية; بكلمات أبسط; تلخيص; صغ_; لغويا; بلغة بسيطة; خلاصة هذا; الأخطاء المطبعية; النقاط الرئيسية; أقصر; حسن أسلوب; تهذيب; الأخطاء الإملائية"},
	{"Arabic", rewriting, 1, "هذه الفقرة; هذه الجملة; النص التالي; إلى الإنجليزية; دون تغيير; حول هذا; حوّل"},

	{"Hindi", reasoning, 3, "सोचने की प्रक्रिया; विचार श्रृंखला; विचार प्रक्रिया; अपना तर्क; तर्क प्रक्रिया; बोलकर सोच"},
	{"Hindi", reasoning, 2, "चरण दर चरण; हर चरण; सभी चरण; मध्यवर्ती चरण; कोई भी चरण; एक-एक कदम; कदम दर कदम; अपने विचार; हल तक कैसे; कैसे पहुँचे; का तर्क; तर्क समझा; विचार किया; चरणबद्ध; प्रत्येक चरण; सोच का पूरा क्रम; बोलते हुए; व्युत्पत्ति; कारण बताइए; तार्किक क्रम; सोच का क्रम"},
	{"Hindi", reasoning, 1, "उत्तर देने से पहले; अंतिम उत्तर; निष्कर्ष; विस्तार से"},
	{"Hindi", grading, 3, "मूल्यांकन मानदंड; निष्पक्ष निर्णायक; में से कौन बेहतर; कौन सा बेहतर; संदर्भ उत्तर; के पैमाने पर; उत्तर का मूल्यांकन; सबसे अच्छे से"},
	{"Hindi", grading, 2, "मूल्यांकन; अंक द; को अंक; स्कोर; बेहतर चुन; दोनों उत्तर; दोनों जवाब; छात्र का हल; निर्देश का पालन; रैंक कर; ग्रेड; जाँचिए कि; जांचिए कि; दस अंक; किस सहायक; गृहकार्य; अंक काट"},
	{"Hindi", grading, 1, "छात्र; गुणवत्ता; शुद्धता; निबंध; मानदंड"},
	{"Hindi", generation, 3, "प्रशिक्षण डेटा; डेटासेट; प्रश्न-उत्तर जोड़; सवाल-जवाब जोड़; कृत्रिम प्रशिक्षण; बहुविकल्पीय; प्रॉम्प्ट के"},
	{"Hindi", generation, 2, "नया कार्य; नया प्रश्न; नया सवाल; नए प्रश्न; नया निर्देश; नई समस्या; अभ्यास प्रश्न; समान प्रश्न; मिलते-जुलते; कठिन संस्करण; और कठिन; विविध निर्देश; काल्पनिक बातचीत; रूपांतर दी; लेबल सहित; प्रश्न बनाइए; प्रश्न बनाएँ; प्रशिक्षित करने; और कठिन रूप; मूल निर्देश; परीक्षा के प्रश्न; के लिए उदाहरण; प्रश्न तैयार"},
	{"Hindi", generation, 1, "उदाहरण; क्षेत्र का; बनाइए; तैयार कर; उत्तर सहित"},
	{"Hindi", coding, 2, "कोड; फ़ंक्शन; फंक्शन; पायथन; प्रोग्राम; रिफैक्टर; यूनिट टेस्ट; स्क्रिप्ट; रेगुलर एक्सप्रेशन; कंपाइल; एल्गोरिदम; बाइनरी सर्च; नल पॉइंटर; क्वेरी; डेटाबेस; प्रोग्रामिंग; टाइप हिंट; डॉकस्ट्रिंग; मॉड्यूल; डिक्शनरी; शेल कमांड; रिकर्शन; डेटा संरचना; अनंत लूप; सोर्स कोड; डिबग"},
	{"Hindi", coding, 1, "त्रुटि संदेश; कंपोनेंट; क्लास; लागू कीजिए; वेरिएबल; जावा"},
	{"Hindi", agentic, 3, "निम्नलिखित टूल; उपलब्ध टूल; उपलब्ध उपकरण; टूल को कॉल; टूल कॉल; स्वायत्त एजेंट; कंप्यूटर चलाता; कौन सा फ़ंक्शन"},
	{"Hindi", agentic, 2, "खोज टूल; ब्राउज़र; उपकार्य; टर्मिनल; कमांड चल; टेस्ट चल; कार्य पूरा होने; finish कॉल; क्लिक कर; अगली स्क्रीन; क्रिया इनपुट; फ़ाइल खोल; उपकरणों; फ़ंक्शन कॉल; का उपयोग करके खोज; कैलकुलेटर टूल; टूल का; टूल से; लॉग इन की; अवलोकन; हर क्रिया के बाद; फ़ॉर्म भर"},
	{"Hindi", rewriting, 2, "अनुवाद की; अनुवाद कर; सारांश; फिर से लिख; दूसरे शब्दों; व्याकरण; वर्तनी; विनम्र; छोटा की; छोटा कर; पढ़ने योग्य; निकालिए; निकालें; परिवर्तित; प्रूफरीडिंग; औपचारिक; सरल शब्दों; संक्षेप; संक्षिप्त; आसान भाषा; का सार; टाइपिंग गलति; मुख्य बिंदु; सरल भाषा; भाषा सुधार; शैली सुधार"},
	{"Hindi", rewriting, 1, "इस अनुच्छेद; इस वाक्य; निम्नलिखित पाठ; अंग्रेज़ी में; अर्थ बदले; में बदलिए; सुधारिए; अनुवाद"},

	{"Thai", reasoning, 3, "กระบวนการคิด; ลำดับความคิด; สายโซ่ความคิด; ห่วงโซ่ความคิด; เหตุผลของคุณ; คิดออกเสียง; คิดดังๆ"},
	{"Thai", reasoning, 2, "ทีละขั้น; ทุกขั้นตอน; ทีละก้าว; แต่ละขั้นตอน; ขั้นตอนระหว่าง; ข้ามขั้นตอน; ความคิดของคุณ; ได้คำตอบมาอย่างไร; ตรรกะเบื้องหลัง; พิจารณาแล้ว; วิธีคิด; แสดงวิธีทำ; แนวคิดของคุณ; คิดออกมา; ให้เหตุผลทุก; การพิสูจน์ทั้งหมด; ให้เหตุผลประกอบ"},
	{"Thai", reasoning, 1, "ก่อนตอบ; คำตอบสุดท้าย; โดยละเอียด; การพิสูจน์; ข้อสรุป"},
	{"Thai", grading, 3, "ให้คะแนน; เกณฑ์การประเมิน; เกณฑ์การให้คะแนน; กรรมการที่เป็นกลาง; คำตอบไหนดีกว่า; จัดอันดับ; เทียบกับเฉลย"},
	{"Thai", grading, 2, "คะแนน; ประเมิน; ให้เกรด; ตัดสิน; คำตอบที่ดีกว่า; สองคำตอบ; ถูกหรือไม่; ตรวจว่า; ทำตามคำสั่งหรือไม่; เปรียบเทียบ; ผู้ช่วยคนไหน; ตรวจการบ้าน; หักคะแนน"},
	{"Thai", grading, 1, "นักเรียน; คุณภาพ; ความถูกต้อง; เรียงความ; เฉลย"},
	{"Thai", generation, 3, "ข้อมูลฝึก; ชุดข้อมูล; ข้อมูลสังเคราะห์; คู่คำถามคำตอบ; คำถามปรนัย; ข้อมูลการฝึก"},
	{"Thai", generation, 2, "งานใหม่; คำถามใหม่; โจทย์ใหม่; คำสั่งใหม่; แบบฝึกหัด; โจทย์ที่คล้าย; รูปแบบที่ยาก; ยากขึ้น; คำสั่งหลากหลาย; แต่งบทสนทนา; ตั้งคำถาม; พรอมต์นี้; พร้อมป้ายกำกับ; สร้างโจทย์; สร้างคำถาม; หลากหลาย; เพื่อฝึก; คำสั่งตั้งต้น; ข้อสอบ; สร้างตัวอย่าง"},
	{"Thai", generation, 1, "ตัวอย่าง; สร้าง; พรอมต์; รูปแบบต่าง; พร้อมคำตอบ"},
	{"Thai", coding, 2, "โค้ด; ฟังก์ชัน; ไพทอน; รีแฟกเตอร์; ยูนิตเทสต์; สคริปต์; นิพจน์ปกติ; คอมไพล์; อัลกอริทึม; แบบทวิภาค; โปรแกรมของ; เขียนโปรแกรม; ฐานข้อมูล; คอมโพเนนต์; ลูปของ; ไทป์ฮินต์; ด็อกสตริง; โมดูล; ดิกชันนารี; คำสั่งเชลล์; รีเคอร์; โครงสร้างข้อมูล; ซอร์สโค้ด; ดีบัก"},
	{"Thai", coding, 1, "บั๊ก; ข้อผิดพลาด; คลาส; ตัวแปร; โปรแกรม; คิวรี"},
	{"Thai", agentic, 3, "เครื่องมือต่อไปนี้; เครื่องมือที่มี; เรียกเครื่องมือ; การเรียกเครื่องมือ; เอเจนต์; ควบคุมคอมพิวเตอร์; เรียกฟังก์ชัน"},
	{"Thai", agentic, 2, "เครื่องมือค้นหา; ใช้เครื่องมือ; เบราว์เซอร์; งานย่อย; เทอร์มินัล; รันคำสั่ง; รันการทดสอบ; จนกว่างานจะเสร็จ; เรียก finish; คลิกปุ่ม; คลิก; หน้าจอถัดไป; อินพุตของการกระทำ; เปิดไฟล์; ใช้เครื่องคิดเลข; ด้วยเครื่องมือ; เข้าสู่ระบบ; ผลการสังเกต; หลังการกระทำ; กรอกแบบฟอร์ม"},
	{"Thai", rewriting, 2, "แปลข้อความ; แปลเป็น; แปลประโยค; ช่วยแปล; เป็นภาษาอังกฤษ; สรุปบทความ; สรุปข้อความ; สรุปเป็น; ช่วยสรุป; ใหม่ด้วยคำ; เขียนใหม่; ไวยากรณ์; การสะกด; ถอดความ; สุภาพขึ้น; ย่อข้อความ; เรียบเรียง; ดึงชื่อ; แปลงตาราง; พิสูจน์อักษร; เป็นทางการ; เปลี่ยนถ้อยคำ; สกัด; อ่านง่าย; ภาษาง่าย; ใจความสำคัญ; คำผิด; ประเด็นสำคัญ; กระชับ; ขัดเกลา; แปลให้; เขียนให้สั้น; ให้สั้นลง"},
	{"Thai", rewriting, 1, "ย่อหน้านี้; ประโยคนี้; ข้อความต่อไปนี้; โดยไม่เปลี่ยน; แปลง"},

	{"Indonesian", reasoning, 3, "penalaranmu; penalaran anda; rantai pemikiran; proses berpikir; proses pemikiran; dengan suara keras; alur berpikir"},
	{"Indonesian", reasoning, 2, "langkah demi langkah; setiap langkah; semua langkah; langkah perantara; langkah pun; pikiranmu; pikiran anda; bagaimana kamu sampai; bagaimana anda sampai; logika di balik; kamu pertimbangkan; jalan yang salah; penalaran; tahap demi tahap; alur pikiran; deduksi; penurunan lengkap; selangkah demi; tahapan berpikir; keras-keras; runut"},
	{"Indonesian", reasoning, 1, "sebelum menjawab; jawaban akhir; secara rinci; kesimpulan"},
	{"Indonesian", grading, 3, "rubrik; juri yang adil; mana dari dua; jawaban acuan; jawaban referensi; pada skala; dari yang terbaik sampai; nilai jawaban; evaluasi jawaban"},
	{"Indonesian", grading, 2, "beri nilai; beri skor; _skor_; skormu; nilailah; pilih yang lebih baik; berikan poin; kedua jawaban; penyelesaian siswa; mengikuti instruksi; jawaban siswa; apakah penyelesaian; asisten mana; pekerjaan rumah; kurangi nilai; sepuluh poin; poin untuk; periksa jawaban"},
	{"Indonesian", grading, 1, "siswa; mutu; kualitas; ketepatan; kriteria; esai"},
	{"Indonesian", generation, 3, "data pelatihan; data latih; dataset; sintetis; pasangan tanya-jawab; pasangan tanya jawab; pilihan ganda; variasi dari"},
	{"Indonesian", generation, 2, "tugas baru; pertanyaan baru; soal baru; instruksi baru; masalah baru; soal latihan; soal serupa; lebih sulit; beragam instruksi; karang percakapan; dengan label; buat soal; buat pertanyaan; terinspirasi dari; untuk melatih; instruksi awal; soal ujian; contoh untuk; lebih sukar; lebih rumit"},
	{"Indonesian", generation, 1, "hasilkan; contoh; bidang yang sama; prompt; beserta jawaban"},
	{"Indonesian", coding, 2, "kode ini; kode saya; dalam kode; _kode_; fungsi python; refaktor; unit test; ekspresi reguler; algoritma; pencarian biner; program saya; skrip; kueri sql; dikompilasi; pemrograman; basis data; perulangan; anotasi tipe; dictionary; perintah shell; struktur data; kode sumber; dengan python"},
	{"Indonesian", coding, 1, "fungsi; pesan kesalahan; komponen; kueri; implementasikan; variabel; kelas ini"},
	{"Indonesian", agentic, 3, "alat yang tersedia; alat berikut; panggil alat; pemanggilan alat; agen otonom; mengendalikan komputer; fungsi mana yang dipanggil"},
	{"Indonesian", agentic, 2, "alat pencarian; peramban; di terminal; subtugas; jalankan perintah; jalankan tes; sampai tugas selesai; panggil finish; klik tombol; layar berikutnya; masukan tindakan; buka berkas; buka file; gunakan alat; panggil fungsi; gunakan kalkulator; dengan alat; menerima pengamatan; setiap tindakan; isi formulir"},
	{"Indonesian", rewriting, 2, "terjemahkan; tulis ulang; ringkas; tata bahasa; ejaan; parafrasekan; lebih sopan; lebih formal; persingkat; enak dibaca; ambil semua; ke markdown; konversikan; ubah kata-kata; rangkum; kata yang lebih sederhana; ekstrak; sunting surat; bahasa sederhana; inti laporan; salah ketik; poin utama; lebih singkat; perhalus; perbaiki tulisan; intisari"},
	{"Indonesian", rewriting, 1, "paragraf ini; kalimat ini; teks berikut; bahasa inggris; tanpa mengubah; ubah catatan"},

	{"Vietnamese", reasoning, 3, "chuỗi suy nghĩ; quá trình suy nghĩ; lập luận của bạn; quá trình suy luận; chuỗi suy luận; chuỗi tư duy"},
	{"Vietnamese", reasoning, 2, "từng bước; mỗi bước; các bước trung gian; tất cả các bước; bước nào; suy nghĩ của bạn; đi đến lời giải như thế nào; logic đằng sau; đã cân nhắc; nói ra suy nghĩ; lập luận; hướng sai; mạch suy nghĩ; suy luận; phép suy ra; nêu lý do; cách suy luận"},
	{"Vietnamese", reasoning, 1, "trước khi trả lời; đáp án cuối cùng; mô tả chi tiết; kết luận"},
	{"Vietnamese", grading, 3, "chấm điểm; tiêu chí chấm; giám khảo; câu trả lời nào tốt hơn; đáp án mẫu; theo thang; xếp hạng; đánh giá câu trả lời"},
	{"Vietnamese", grading, 2, "cho điểm; điểm số; điểm của; đánh giá; chọn câu tốt hơn; hai câu trả lời; lời giải của học sinh; có đúng không; có theo chỉ dẫn; trợ lý nào; chấm bài; trừ điểm; thang điểm; mười điểm"},
	{"Vietnamese", grading, 1, "học sinh; chất lượng; tiêu chí; bài luận; tính đúng"},
	{"Vietnamese", generation, 3, "dữ liệu huấn luyện; tập dữ liệu; dữ liệu tổng hợp; cặp câu hỏi; trắc nghiệm; biến thể của"},
	{"Vietnamese", generation, 2, "nhiệm vụ mới; câu hỏi mới; bài toán mới; chỉ dẫn mới; bài tập về; bài toán tương tự; khó hơn; chỉ dẫn đa dạng; cuộc hội thoại; có nhãn; tạo câu hỏi; đa dạng; để huấn luyện; biến thể khó; chỉ dẫn gốc; đề thi; ví dụ để"},
	{"Vietnamese", generation, 1, "các ví dụ; ví dụ sau; cùng lĩnh vực; sinh ra; câu lệnh này; tạo các; kèm câu trả lời"},
	{"Vietnamese", coding, 2, "đoạn mã; mã của tôi; mã nguồn; hàm python; tái cấu trúc; kiểm thử đơn vị; biểu thức chính quy; thuật toán; tìm kiếm nhị phân; con trỏ null; chương trình của tôi; tập lệnh; truy vấn; biên dịch; lập trình; cơ sở dữ liệu; vòng lặp; gợi ý kiểu; mô-đun; lệnh shell; đệ quy; cấu trúc dữ liệu; gỡ lỗi; bằng python; viết hàm"},
	{"Vietnamese", coding, 1, "_hàm_; thông báo lỗi; ngoại lệ; cài đặt; biến số; sửa lỗi; component"},
	{"Vietnamese", agentic, 3, "công cụ có sẵn; các công cụ sau; gọi công cụ; tác tử; điều khiển máy tính; gọi hàm nào"},
	{"Vietnamese", agentic, 2, "công cụ tìm kiếm; dùng công cụ; trình duyệt; trong terminal; việc con; chạy lệnh; chạy kiểm thử; xong nhiệm vụ; gọi finish; nhấp vào; màn hình tiếp theo; đầu vào hành động; mở tệp; gọi hàm; máy tính bỏ túi; bằng công cụ; đăng nhập; nhận một quan sát; mỗi hành động; điền biểu mẫu"},
	{"Vietnamese", rewriting, 2, "dịch văn bản; dịch sang; sang tiếng anh; dịch đoạn; dịch câu; viết lại; tóm tắt; ngữ pháp; chính tả; diễn đạt lại; lịch sự hơn; trang trọng hơn; rút ngắn; dễ đọc; trích xuất; sang markdown; hiệu đính; từ ngữ đơn giản; ngôn ngữ đơn giản; ý chính; lỗi đánh máy; ngắn gọn; sang tiếng việt; trau chuốt; sửa văn bản"},
	{"Vietnamese", rewriting, 1, "đoạn này; đoạn văn; câu này; văn bản sau; không đổi nghĩa; chuyển bảng"},

	{"Turkish", reasoning, 3, "akıl yürütme; düşünce zinciri; düşünme sürec; düşünce sürec; sesli düşün; muhakeme"},
	{"Turkish", reasoning, 2, "adım adım; her adım; tüm adımlar; ara adımlar; hiçbir adım; bir adım; düşüncelerini; nasıl ulaştığını; arkasındaki mantığı; düşünüp elediğin; çözüm yolunu; yanlış yollar; düşünce akış; çıkarım; yüksek sesle; gerekçelendir; türetmenin; gerekçesini; adımları tek tek"},
	{"Turkish", reasoning, 1, "cevap vermeden önce; cevaplamadan önce; son cevab; ayrıntılı"},
	{"Turkish", grading, 3, "değerlendirme ölçüt; tarafsız bir hakem; hangisi daha iyi; referans cevab; en iyiden en; cevabını değerlendir; puanlama; ödül model"},
	{"Turkish", grading, 2, "_puanla; not ver; puan ver; puanı; puanını; değerlendir; daha iyi olanı seç; iki cevab; iki yanıt; öğrencinin çözüm; talimata uy; hangi asistan; bu ödeve; puan kır"},
	{"Turkish", grading, 1, "öğrenci; kalite; doğruluk; ölçüt"},
	{"Turkish", generation, 3, "eğitim verisi; veri kümesi; veri seti; sentetik; soru-cevap çift; soru cevap çift; çoktan seçmeli; çeşitleme"},
	{"Turkish", generation, 2, "yeni bir görev; yeni bir soru; yeni bir problem; yeni bir talimat; alıştırma; benzer problem; benzer soru; daha zor; çeşitli talimat; konuşma uydur; etiketli; esinlenerek; soru hazırla; soru üret; eğitmek için; sınav soru"},
	{"Turkish", generation, 1, "_üret; örneklerle; aynı alanda; istemin; oluştur; cevaplarıyla"},
	{"Turkish", coding, 2, "kodun; koddaki; _kodu; _kod_; kodum; fonksiyonu yaz; yeniden düzenle; birim test; düzenli ifade; algoritma; ikili arama; programım; betiği; sorgusu; derlenm; programlama; veritabanı; pointer; tür açıklama; kabuk komut; özyineleme; veri yapısı; kaynak kod; sonsuz döngü; python ile; hata ayıkla; döngü; sözlük yapısı; komut satırı"},
	{"Turkish", coding, 1, "fonksiyon; hata mesajı; bileşen; sorgu; gerçekleştir; değişken; sınıfı; hatayı düzelt"},
	{"Turkish", agentic, 3, "mevcut araçlar; aşağıdaki araçlar; araç çağrı; aracını çağır; özerk bir ajan; otonom; bilgisayarı denetleyen; hangi fonksiyonun çağrıl"},
	{"Turkish", agentic, 2, "arama aracı; tarayıcı; terminalde; alt görev; komutu; testleri çalıştır; görev bitene; finish çağır; tıkla; sonraki ekran; eylem girdisi; dosyayı aç; araçları kullan; fonksiyonu çağır; hesap makinesini; araçla; giriş yap; her eylemden; formu doldur"},
	{"Turkish", rewriting, 2, "ye çevir; ya çevir; tercüme; yeniden yaz; özetle; dil bilgisi; yazım; başka sözcükler; daha kibar; daha resmi; kısalt; metne dönüştür; tarihleri çıkar; dönüştür; son okuma; yeniden ifade; basit sözcük; düzelt; sade bir dil; özünü; yazım yanlış; ana noktalar; daha kısa; anlatımı iyileştir"},
	{"Turkish", rewriting, 1, "bu paragrafı; bu cümleyi; aşağıdaki metni; ingilizceye; değiştirmeden; bu tabloyu"},
}

// patterns lists the phrases of all rules.
func patterns() []pattern {
	var out []pattern
	for _, r := range rules {
		for _, phrase := range strings.Split(r.phrases, ";") {
			if phrase = strings.TrimSpace(phrase); phrase != "" {
				out = append(out, pattern{phrase, r.capability, r.points})
			}
		}
	}
	return out
}
